import base64
import functools
import json
import logging
from typing import Any, Dict, Optional

from google.api_core.exceptions import NotFound
from google.cloud import secretmanager

logger = logging.getLogger(__name__)


class CredentialProvider:
    """
    Gives the training jobs their credentials (Hugging Face, Snowflake, W&B).

    Credentials are read from GCP Secret Manager the first time they are asked for and
    kept for the life of the job.

    Parameters
    ----------
    project : str
        The GCP project.
    prefix : str, optional
        Put before each name.
    """

    def __init__(self, project: str, prefix: str = "ml-") -> None:
        self.project = project
        self.prefix = prefix
        self._memo: Dict[str, str] = {}

    @functools.cached_property
    def client(self):
        return secretmanager.SecretManagerServiceClient()

    def credential(self, name: str, version: str = "latest") -> Optional[str]:
        if name not in self._memo:
            resource = f"projects/{self.project}/secrets/{self.prefix}{name}/versions/{version}"
            try:
                payload = self.client.access_secret_version(name=resource).payload.data
            except NotFound:
                logger.warning("no credential %s", name)
                return None
            self._memo[name] = payload.decode()
        return self._memo[name]

    def service_account(self, name: str) -> Dict[str, Any]:
        return json.loads(base64.b64decode(self.credential(name) or "e30="))

    def reset(self) -> None:
        self._memo.clear()
