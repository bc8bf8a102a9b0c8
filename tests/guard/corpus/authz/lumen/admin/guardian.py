from __future__ import annotations

from sqlalchemy import Column, Integer, String, UniqueConstraint, delete, select
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()


class ObjectPermission(Base):
    __tablename__ = "admin_object_permission"
    __table_args__ = (UniqueConstraint("user_id", "perm", "model", "object_id"),)

    id = Column(Integer, primary_key=True)
    user_id = Column(String(40), nullable=False)
    perm = Column(String(40), nullable=False)
    model = Column(String(40), nullable=False)
    object_id = Column(String(40))


class Guardian:
    """Object permissions of the back office."""

    def __init__(self, session: Session, superusers: set[str]):
        self.session = session
        self.superusers = superusers

    def has_perm(self, user_id, perm, obj):
        if user_id in self.superusers:
            return True
        query = select(ObjectPermission.id).where(
            ObjectPermission.user_id == user_id,
            ObjectPermission.perm == perm,
            ObjectPermission.model == type(obj).__name__,
            (ObjectPermission.object_id == str(obj.id))
            | (ObjectPermission.object_id.is_(None)),
        )
        return self.session.execute(query).first() is not None

    def assign_perm(self, user_id, perm, obj):
        self.session.add(
            ObjectPermission(
                user_id=user_id,
                perm=perm,
                model=type(obj).__name__,
                object_id=str(obj.id),
            )
        )
        self.session.commit()

    def remove_perm(self, user_id, perm, obj):
        self.session.execute(
            delete(ObjectPermission).where(
                ObjectPermission.user_id == user_id,
                ObjectPermission.perm == perm,
                ObjectPermission.model == type(obj).__name__,
                ObjectPermission.object_id == str(obj.id),
            )
        )
        self.session.commit()
