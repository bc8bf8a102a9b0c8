"""Price and voucher trials, planned and drawn by the data science team (runs from Airflow)."""

import numpy as np
import pandas as pd
from sqlalchemy import create_engine


class StratifiedRandomizer:
    """
    Draws the treatment group of each customer, balanced within strata.

    Parameters
    ----------
    trial : str
        Name of the trial; also the seed.
    arms : dict of str to float
        Share of each arm.
    strata : list of str
        Columns within which the arms shall be balanced.
    """

    def __init__(
        self, trial, arms, strata=("country", "rfm"), dsn="postgresql://dwh/experiments"
    ):
        self.trial = trial
        self.arms = arms
        self.strata = list(strata)
        self.engine = create_engine(dsn)

    def existing(self):
        sql = "select customer_id, arm from trial_assignment where trial = %(trial)s"
        return pd.read_sql(sql, self.engine, params={"trial": self.trial})

    def assign(self, customers):
        """Return ``customers`` with a column ``arm``; new ones are stored."""
        done = self.existing()
        new = customers[~customers.customer_id.isin(done.customer_id)].copy()
        rng = np.random.default_rng(abs(hash(self.trial)) % 2**32)
        names = list(self.arms)
        cuts = np.cumsum(list(self.arms.values()))
        new["arm"] = ""
        for _, index in new.groupby(self.strata).groups.items():
            ranks = rng.permutation(len(index)) / len(index)
            new.loc[index, "arm"] = [
                names[i] for i in np.searchsorted(cuts, ranks, side="right")
            ]
        stored = new[["customer_id", "arm"]].assign(trial=self.trial)
        stored.to_sql("trial_assignment", self.engine, if_exists="append", index=False)
        return customers.merge(
            pd.concat([done, stored[["customer_id", "arm"]]]), on="customer_id"
        )

    def balance(self, assigned):
        return (
            assigned.groupby(self.strata + ["arm"]).size().unstack("arm", fill_value=0)
        )


def draw_voucher_trial(customers):
    return StratifiedRandomizer(
        "voucher-2023", {"none": 0.5, "ten": 0.25, "twenty": 0.25}
    ).assign(customers)
