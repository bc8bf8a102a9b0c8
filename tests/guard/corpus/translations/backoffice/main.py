import sys

from backoffice.helpers import Babelfish, LabelPrinter
from backoffice.TextImport import MissingTextReport, TranslationImporter
from core import Registry

if __name__ == "__main__":
    L = Babelfish(sys.argv[1])
    print(L["Arrivals today"])
    if sys.argv[2:] == ["import"]:
        print(
            TranslationImporter().importFile("/srv/ftp/agency/texts.xlsx"),
            L["texts changed"],
        )
        Registry.catalog().reload()
    elif sys.argv[2:] == ["missing"]:
        MissingTextReport(Registry.catalog()).write(
            "/srv/ftp/agency/missing.csv", ["fr", "it"]
        )
    elif sys.argv[2:3] == ["label"]:
        LabelPrinter().label(sys.argv[3], sys.argv[4])
