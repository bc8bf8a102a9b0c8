"""Backend for the phone apps (built by the agency, taken over in 2021)."""

import sqlalchemy as sa
from flask import Flask, abort, jsonify, request
from sqlalchemy.orm import Session, declarative_base

Base = declarative_base()
app = Flask(__name__)
engine = sa.create_engine("postgresql://mobile@db/main")


class AppUserRow(Base):
    __tablename__ = "app_users"

    id = sa.Column(sa.Integer, primary_key=True)
    full_name = sa.Column(sa.String)
    email = sa.Column(sa.String, unique=True)
    about_me = sa.Column(sa.Text)
    language = sa.Column(sa.String, default="en")
    phone = sa.Column(sa.String)


class UserDao:
    def __init__(self, engine):
        self.engine = engine

    def read_profile(self, user_id):
        with Session(self.engine) as session:
            row = session.get(AppUserRow, user_id)
            if row is None:
                return None
            return {
                "id": row.id,
                "full_name": row.full_name,
                "about_me": row.about_me,
                "language": row.language,
                "phone": row.phone,
            }

    def write_profile(self, user_id, values):
        with Session(self.engine) as session:
            row = session.get(AppUserRow, user_id)
            if row is None:
                row = AppUserRow(id=user_id)
                session.add(row)
            for name, value in values.items():
                setattr(row, name, value)
            session.commit()

    def remove_profile(self, user_id):
        with Session(self.engine) as session:
            session.execute(sa.delete(AppUserRow).where(AppUserRow.id == user_id))
            session.commit()


dao = UserDao(engine)


@app.route("/app/me/<int:user_id>", methods=["GET", "PUT"])
def me(user_id):
    if request.method == "PUT":
        dao.write_profile(user_id, request.get_json())
    profile = dao.read_profile(user_id)
    if profile is None:
        abort(404)
    return jsonify(profile)
