from pydantic import BaseModel


class ConfigSchema(BaseModel):
    host: str = "localhost"
    port: int = 8000

    def merge(self, values):
        return self.model_copy(update=values)
