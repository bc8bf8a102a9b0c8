from atelier.intake.model import StoredUpload, UploadPolicy
from atelier.intake.ports import FileKeeper
from atelier.intake.vault import UploadVault

__all__ = ["FileKeeper", "StoredUpload", "UploadPolicy", "UploadVault"]
