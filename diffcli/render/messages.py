"""The texts of reports, pictures and pages by name, so that pages can bring them along for their scripts.

A text is `Texts(language).name`; one with slots is `Texts(language).name.format(slot=...)`. Slots are
plain names without a format, so that the page's script fills them in too: what goes into one is text
already. Their translations are in the catalogue, as all others are. A new text is one line in the section of
those who show it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import overload

from diffcli.messages import Language, translated


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text, in English; `{name}` is a slot, the same in all languages.

    An attribute of `Texts`: there it is a string.
    """

    english: str

    @overload
    def __get__(self, texts: None, owner: type) -> "Phrase": ...
    @overload
    def __get__(self, texts: "_Section", owner: type) -> str: ...
    def __get__(self, texts: "_Section | None", owner: type) -> "Phrase | str":
        return self if texts is None else self.within(texts.language)

    def within(self, language: Language) -> str:
        """The text in a language."""
        return translated(self.english, language)


@dataclass(frozen=True, slots=True)
class _Section:
    """The messages of one subject, in a language."""

    language: Language = "en"

    @property
    def html_language(self) -> str:
        """What a page says of its language."""
        return "zh-Hans" if self.language == "zh" else self.language


class Words(_Section):
    """Terms that reports, legends and pages share."""

    __slots__ = ()
    value = Phrase("value")
    gradient = Phrase("gradient")
    node = Phrase("node")
    edge = Phrase("edge")
    shape = Phrase("shape")
    primitive = Phrase("primitive")
    local_derivative = Phrase("local derivative")
    upstream = Phrase("upstream")
    contribution = Phrase("contribution")
    running_sum = Phrase("running sum")
    operand_position = Phrase("operand position")
    formula = Phrase("formula")
    variable = Phrase("variable")
    parameter = Phrase("parameter")
    constant = Phrase("constant")
    output = Phrase("output")
    gradient_heading = Phrase("Gradient")
    cotangent = Phrase("the cotangent {cotangent}")


class Report(_Section):
    """What `grad` says on a screen."""

    __slots__ = ()
    at_point = Phrase("at {point}")
    forward = Phrase("Forward")
    backward_from = Phrase("Backward, from {beginning}")
    computes = Phrase("computes")
    rule = Phrase("rule")
    times_upstream = Phrase("{times} upstream")
    equals_contribution = Phrase("= contribution")
    running_sum_is = Phrase("running sum {sum}")
    sum_of = Phrase("{contribution} (sum of {count})")
    more = Phrase("{count} more")
    more_characters = Phrase("{count} more characters")
    numbers_of_constants = Phrase("constants are nodes too; theirs are the numbers without a row")
    no_variables = Phrase("there are no variables to differentiate by")
    no_formula = Phrase("none: {reason}")
    cotangent_is = Phrase("note: {name} is the cotangent")
    agree = Phrase("formula and reverse mode agree")
    agree_but = Phrase("formula and reverse mode agree, but {cause}")
    disagree = Phrase("formula and reverse mode DISAGREE")
    not_compared = Phrase("formula and reverse mode are not compared: {cause}")
    to_one_digit = Phrase("{verdict} to 1 digit")
    to_digits = Phrase("{verdict} to {digits} digits")
    to_digits_or_more = Phrase("{verdict} to {digits} digits or more")
    up_to_difference = Phrase("{verdict}: the largest relative difference is {difference}")


class Legend(_Section):
    """What the shapes and lines of a picture stand for."""

    __slots__ = ()
    legend = Phrase("legend")
    operation = Phrase("operation")
    named_intermediate = Phrase("named intermediate")
    folded_group = Phrase("folded group")
    folded_nodes = Phrase("{count} nodes")
    local = Phrase("local")
    summed = Phrase("sum of {count}")
    comma = Phrase(", ")
    operand_of = Phrase("{operand} is operand {position} of {node}")
    local_derivative_legend = Phrase("local: derivative of the node by its operand")
    contribution_legend = Phrase("= contribution: what flows back to the operand")
    edge_of_both = Phrase("values forward, gradients back")
    forward_edge = Phrase("forward edge")
    backward_edge = Phrase("backward edge")
    backward_function = Phrase("backward function")
    accumulate_grad = Phrase("AccumulateGrad")
    leaf_tensor = Phrase("leaf tensor")
    base_tensor = Phrase("base tensor, of which the output is a view")
    saved_tensor = Phrase("saved tensor")
    drawn_below = Phrase("drawn below")
    drawn_above = Phrase("drawn above")
    kept_for_backward = Phrase("kept for the backward pass")
    view_of = Phrase("is a view of")
    output_tensor = Phrase("output tensor")


class Player(_Section):
    """The page that plays the forward and the backward pass step by step."""

    __slots__ = ()
    page_title = Phrase("Backpropagation step by step: {expression}")
    page_heading = Phrase("Backpropagation step by step")
    automatic = Phrase("system")
    size = Phrase("size of the graph")
    smaller = Phrase("smaller")
    larger = Phrase("larger")
    fit = Phrase("fit")
    values_so_far = Phrase("values so far")
    descent_step = Phrase("A step moves every variable a little against its gradient. All numbers of the page follow.")
    descent_rule = Phrase("new value = value - learning rate × gradient")
    skip_to_controls = Phrase("skip to the controls")
    source = Phrase("source")
    given_values = Phrase("given values")
    graph = Phrase("computation graph")
    controls = Phrase("step control")
    first_step = Phrase("first step")
    previous_step = Phrase("previous step")
    next_step = Phrase("next step")
    last_step = Phrase("last step")
    play = Phrase("play")
    pause = Phrase("pause")
    step = Phrase("step")
    step_of = Phrase("step {step} of {steps}")
    direction = Phrase("direction")
    direction_forward = Phrase("forward")
    direction_backward = Phrase("backward")
    before_the_first_step = Phrase("Nothing is computed yet.")
    how_to_begin = Phrase("Press play, or go step by step with the arrow keys.")
    how_forward = Phrase(
        "Going forward, each node computes its value from the values of its operands, from the inputs down to the "
        "output."
    )
    how_backward = Phrase(
        "Going backward, each edge multiplies the gradient of the node that it comes from (upstream) by a local "
        "derivative. "
        "Where several edges bring a contribution to a node, they are added up: their sum is its gradient."
    )
    given_first = Phrase("First, what is given:")
    clauses = Phrase("; ")
    back_along = Phrase("Back from {source} to {target}:")
    back_along_operand = Phrase("Back from {source} to its operand {operand}, {target}:")
    broadcast = Phrase("(summed: {node} is used {count} times)")
    local_by_operand = Phrase("local derivative by operand {operand}")
    held_fixed = Phrase(
        "{source} takes {node} as {count} operands. Each brings back a contribution of its own, as if the others were "
        "fixed; they add up."
    )
    n_is = Phrase("n is {count}: {node} has the shape {shape}")
    only_chooses = Phrase("{node} only chooses here: nothing flows back to it")
    came_from = Phrase("from {source}:")
    more_to_come = Phrase("{sum} has arrived at {node} so far, and more is to come ({count} of {of})")
    all_arrived = Phrase("all {count} contributions have arrived:")
    whole_gradient = Phrase("the contribution is the whole gradient of {node}")
    contribution_of = Phrase("contribution {count} of {of} to {node}, and more is to come")
    last_contribution = Phrase("the last of {count} contributions to {node}: their sum is its gradient")
    gradient_complete = Phrase("the gradient of {node} is {gradient}")
    so_far = Phrase("so far")
    still_to_come = Phrase("still to come")
    backward_done = Phrase("Done. How the output changes with each variable, its gradient:")
    forward_input = Phrase("{node} is given: {value}")
    forward_step = Phrase("{node} = {computes} = {value}")
    backward_done_cotangent = Phrase("Done. The gradient of the output weighed by the cotangent, {output}:")
    backward_start = Phrase(
        "The way back begins at the output: the derivative of {output} with respect to itself is {gradient}"
    )
    backward_start_cotangent = Phrase("The way back begins at {output} with the cotangent {cotangent}")
    backward_step = Phrase("local derivative {local} × upstream {upstream} = contribution {contribution}")
    backward_step_by_rule = Phrase("by {rule}, upstream {upstream} becomes the contribution {contribution}")
    backward_step_in_words = Phrase("upstream {upstream} becomes the contribution {contribution} ({words})")
    backward_step_folded = Phrase(
        "through the {count} folded nodes, upstream {upstream} becomes the contribution {contribution}"
    )
    through_folded = Phrase("through {count} nodes")
    not_yet = Phrase("not yet known")
    no_gradient = Phrase("no gradient passes here")
    history = Phrase("history of {node}")
    choose_a_node = Phrase("point at a node or focus it to see its history")
    descent = Phrase("gradient descent")
    learning_rate = Phrase("learning rate")
    take_a_step = Phrase("take a step")
    reset = Phrase("reset")
    went_down = Phrase("the last step took the value down, from {before} to {now}")
    went_up = Phrase("the last step took the value up, from {before} to {now}")
    stayed = Phrase("the last step left the value at {now}")
    at_the_start = Phrase("at the start")
    then = Phrase("at the start:")
    now = Phrase("now")
    rate_above_zero = Phrase("the learning rate must be a number greater than 0")
    one_number_only = Phrase(
        "gradient descent needs a single number to make smaller; this output is weighed by the cotangent {cotangent}"
    )
    steps_taken = Phrase("steps taken: {count}")
    cannot_recompute = Phrase("this page cannot recompute {primitive}; run {command}")
    too_long_to_recompute = Phrase("the computation is too long for this page; run {command}")
    another_path = Phrase("the computation takes another path at this point: run {command}")
    not_finite_there = Phrase("the step leads to numbers that are not finite: run {command}")
    differences = Phrase("check by differences")
    differences_rule = Phrase("(f(x + h) - f(x - h)) / (2h) with a small h knows no rule of differentiation.")
    difference = Phrase("difference")
    apart = Phrase("relative difference")
    not_here = Phrase("cannot be computed here")
    differences_agree = Phrase("The gradient agrees with the differences.")
    differences_differ = Phrase("By {names} the differences disagree: a kink, or a wrong gradient.")
    link = Phrase("link")
    link_copied = Phrase("the link is copied")
    link_to_copy = Phrase("copy this link")
    keyboard = Phrase("keyboard")
    key_arrows = Phrase("left and right arrow: previous and next step")
    key_ends = Phrase("Home and End: first and last step")
    key_space = Phrase("space: play or pause")
    key_tab = Phrase("Tab: from node to node")
    key_notes = Phrase("N: notes for who speaks")
    notes = Phrase("notes")
    theme = Phrase("theme")
    light = Phrase("light")
    dark = Phrase("dark")
    all_steps = Phrase("table of all steps")
    needs_script = Phrase("the controls need JavaScript; the table of all steps is complete without it")


class Handout(_Section):
    """The headings of a report in a file."""

    __slots__ = ()
    expression = Phrase("Expression")
    at = Phrase("At")
    forward_pass = Phrase("Forward pass")
    backward_pass = Phrase("Backward pass")
    formulas = Phrase("Formulas")
    computation_graph = Phrase("Computation graph")
    agreement = Phrase("Agreement")
    kinks = Phrase("Kinks")
    labelled = Phrase("{label}: ")
    too_many_nodes = Phrase("the graph has {count} nodes, too many for a picture")


SECTIONS: tuple[type[_Section], ...] = (Words, Report, Legend, Player, Handout)


class Texts(Words, Report, Legend, Player, Handout):
    """All messages in a language."""

    __slots__ = ()

    def named(self, name: str) -> str:
        """The text of a message whose name is data, such as the role of a box.

        Raises KeyError for a name that there is not.
        """
        return messages(*SECTIONS)[name].within(self.language)

    def of(self, *sections: type[_Section]) -> dict[str, str]:
        """The texts of some sections by name, for a page that brings them along."""
        return {name: message.within(self.language) for name, message in messages(*sections).items()}


def messages(*sections: type[_Section]) -> Mapping[str, Phrase]:
    """The messages of some sections by name."""
    return {
        name: message for section in sections for name, message in vars(section).items() if isinstance(message, Phrase)
    }
