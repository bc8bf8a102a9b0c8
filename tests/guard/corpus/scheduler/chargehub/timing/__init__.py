from .model import JobAlreadyExists, JobSpec, RunRecord, UnknownJob
from .protocols import RunsJobs
from .scheduler import Scheduler

__all__ = [
    "JobAlreadyExists",
    "JobSpec",
    "RunRecord",
    "RunsJobs",
    "Scheduler",
    "UnknownJob",
]
