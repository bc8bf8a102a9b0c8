import os

import wandb

from orchard.ml.credentials import CredentialProvider


def main() -> None:
    creds = CredentialProvider(os.environ["GCP_PROJECT"])
    wandb.login(key=creds.credential("wandb"))


if __name__ == "__main__":
    main()
