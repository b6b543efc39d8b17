"""Verbs about faults."""

from ..faults import describe
from .verbs import Order, verb


@verb("POST", "faults")
def add(order: Order) -> dict:
    fault = order.faults.add(order.facts)
    order.world.note("fault", fault=fault.id)
    return {"id": fault.id}


@verb("GET", "faults")
def listed(order: Order) -> dict:
    return {"faults": [describe(fault) for fault in order.faults.all()]}


@verb("POST", "faults/lift")
def lift(order: Order) -> dict:
    """Ends one fault (`id`) or all. What hung is cut; held deliveries go out, reversed with `reversed`."""
    held = order.faults.lift(order.get("id"))
    order.world.webhooks.release(reversed(held) if order.flag("reversed") else held)
    order.world.note("fault.lifted", fault=order.get("id"))
    return {"released": len(held)}
