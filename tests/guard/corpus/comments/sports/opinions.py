from datetime import datetime

from bson import ObjectId
from motor.motor_asyncio import AsyncIOMotorDatabase


class ReaderOpinions:
    """Fans' comments on match reports. Mongo, because sports had Mongo."""

    def __init__(self, db: AsyncIOMotorDatabase):
        self.coll = db["opinions"]

    async def submit(self, match_id, nickname, text):
        doc = {
            "match": match_id,
            "nick": nickname,
            "text": text.strip(),
            "state": "new",
            "created": datetime.utcnow(),
        }
        result = await self.coll.insert_one(doc)
        return str(result.inserted_id)

    async def publish(self, opinion_id, editor):
        await self._change(opinion_id, {"state": "published", "editor": editor})

    async def discard(self, opinion_id, editor):
        await self._change(opinion_id, {"state": "discarded", "editor": editor})

    async def of_match(self, match_id):
        return (
            await self.coll.find({"match": match_id, "state": "published"})
            .sort("created")
            .to_list(500)
        )

    async def inbox(self):
        return await self.coll.find({"state": "new"}).sort("created").to_list(100)

    async def _change(self, opinion_id, fields):
        await self.coll.update_one({"_id": ObjectId(opinion_id)}, {"$set": fields})
