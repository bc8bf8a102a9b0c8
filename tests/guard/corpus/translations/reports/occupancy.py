from reports.ReportWords import ReportWords

words = ReportWords()


def occupancyReport(rows, month, lang):
    out = [words.getText("occupancy.title", lang, month=words.monthName(month, lang))]
    for hotel, share in rows:
        out.append("%-30s %5.1f %%" % (hotel, share * 100))
    out.append(words.getText("occupancy.footer", lang))
    return "\n".join(out)
