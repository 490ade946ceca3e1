"""How a slip is declared: one row of the table."""

from collections.abc import Callable
from typing import Any, NamedTuple

from diffcli.analysis.slips.site import Site
from diffcli.graph.graph import Value
from diffcli.messages import Message
from diffcli.primitives.primitive import Rule
from diffcli.primitives.shape import size

When = Callable[[Site], bool]
#: What flows back to an operand by a slip, given the upstream gradient; None where that is impossible.
Pull = Callable[[Site, int, Value], Value | None]

_SLOTS = ("function", "right", "wrong", "part", "u", "v", "f", "count", "spread")
_TAKEN = Message("the derivative of {function} was taken to be {wrong}")
_IS = Message("the derivative of {function} is {right}")


class Row(NamedTuple):
    """A slip at a site. For each operand a pull, None where it is the right one.

    Rows of one `family` may be the same mistake in other words; `beside` some other families it says nothing new.
    `told` and `rule` have slots for the `part` of the question, the operands `u` and `v`, and what `Site.texts` has.
    """

    kind: str
    family: str
    told: Message
    rule: Message
    names: frozenset[str]
    pulls: tuple[Pull | None, ...]
    when: When
    partials: tuple[Rule | None, ...] = ()
    beside: frozenset[str] = frozenset()

    def applies(self, site: Site) -> bool:
        """Whether the slip can be made at a site."""
        if self.names and site.primitive.name not in self.names:
            return False
        return any(self.pull(position) is not None for position in site.varying) and self.when(site)

    def pull(self, position: int) -> Pull | None:
        """The pull for an operand; the last is that of all further ones."""
        return self.pulls[min(position, len(self.pulls) - 1)]

    def sentence(self, template: Message, site: Site) -> Message:
        """What is told at a site, or the rule: a template with its values, one without slots as it stands."""
        needed = {slot for slot in _SLOTS if f"{{{slot}}}" in template.template}
        values: dict[str, object] = {}
        if needed & {"function", "right", "wrong"}:
            values |= site.texts(self.partials)
        text = site.solution.text
        for letter, node in zip("uv", site.nodes, strict=False):
            values[letter] = text(node)
        values["part"], values["f"] = text(site.node), site.primitive.name
        if "count" in needed:
            values["count"] = size(site.shape(0)) // size(site.out.shape)
        if "spread" in needed:
            values["spread"] = text(next(site.nodes[place] for place in site.varying if site.spreads(place)))
        return Message(template.template, **{name: values[name] for name in needed}) if needed else template


def always(site: Site) -> bool:
    """Everywhere that the primitive occurs."""
    return True


def partial(
    kind: str,
    names: str,
    *wrong: Rule | None,
    family: str = "",
    told: Message = _TAKEN,
    rule: Message = _IS,
    when: When = always,
) -> Row:
    """A wrong partial derivative for an operand of elementwise primitives; None is the right one.

    `wrong` is a line of mathematics on the operands and the output, as in the primitive's own declaration.
    """
    pulls = tuple(None if each is None else _by_partial(each) for each in wrong)
    return Row(kind, family or kind, told, rule, frozenset(names.split()), pulls, when, wrong)


def pull(
    kind: str,
    names: str,
    told: Message,
    rule: Message,
    *wrong: Pull | None,
    family: str = "",
    when: When = always,
    beside: frozenset[str] = frozenset(),
) -> Row:
    """A wrong contribution, given the site, the operand's position and the upstream gradient."""
    return Row(kind, family or kind, told, rule, frozenset(names.split()), wrong, when, beside=beside)


def _by_partial(wrong: Rule) -> Pull:
    def pulled(site: Site, position: int, upstream: Value) -> Value | None:
        local: Any = wrong(*site.operands, site.out, **site.parameters)
        return upstream.weighed_by(local).sum_to(site.shape(position))

    return pulled
