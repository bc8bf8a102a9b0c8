from oms.pricing.engine import PriceEngine
from oms.pricing.factory import EngineFactory
