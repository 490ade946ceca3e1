"""The message catalogue: every text of reports, pictures and pages that has a translation, its languages side by side.

A text is `Texts(language).name`; one with slots is `Texts(language).name.format(slot=...)`. Slots are
plain names without a format, so that the page's script fills them in too: what goes into one is text
already. A new message is one line in the section of those who show it.

Not here: errors and notes that reach the screen as data of an analysis (kinks, conventions, the
meaning of a formula's indices, reasons). They are English in every language.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args, overload

Language = Literal["en", "zh"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True, slots=True)
class Message:
    """A text in each language; `{name}` is a slot, the same in all of them. An attribute of `Texts`: there it is a string."""

    en: str
    zh: str

    @overload
    def __get__(self, texts: None, owner: type) -> "Message": ...
    @overload
    def __get__(self, texts: "_Section", owner: type) -> str: ...
    def __get__(self, texts: "_Section | None", owner: type) -> "Message | str":
        return self if texts is None else self.within(texts.language)

    def within(self, language: Language) -> str:
        """The text in a language."""
        return self.zh if language == "zh" else self.en


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
    value = Message("value", "值")
    gradient = Message("gradient", "梯度")
    node = Message("node", "节点")
    edge = Message("edge", "边")
    shape = Message("shape", "形状")
    primitive = Message("primitive", "基本运算")
    local_derivative = Message("local derivative", "局部导数")
    upstream = Message("upstream", "上游梯度")
    contribution = Message("contribution", "贡献")
    running_sum = Message("running sum", "累加和")
    operand_position = Message("operand position", "操作数位置")
    formula = Message("formula", "公式")
    variable = Message("variable", "变量")
    parameter = Message("parameter", "参数")
    constant = Message("constant", "常量")
    output = Message("output", "输出")
    gradient_heading = Message("Gradient", "梯度")
    cotangent = Message("the cotangent {cotangent}", "余切向量 {cotangent}")


class Report(_Section):
    """What `grad` says on a screen."""

    __slots__ = ()
    at_point = Message("at {point}", "在 {point} 处")
    forward = Message("Forward", "前向传播")
    backward_from = Message("Backward, from {beginning}", "反向传播，起点：{beginning}")
    computes = Message("computes", "计算式")
    rule = Message("rule", "规则")
    times_upstream = Message("{times} upstream", "{times} 上游梯度")
    equals_contribution = Message("= contribution", "= 贡献")
    running_sum_is = Message("running sum {sum}", "累加和 {sum}")
    sum_of = Message("{contribution} (sum of {count})", "{contribution}（{count} 项之和）")
    more = Message("{count} more", "还有 {count} 项")
    more_characters = Message("{count} more characters", "还有 {count} 个字符")
    numbers_of_constants = Message(
        "constants are nodes too; theirs are the numbers without a row", "常量也是节点：未列出的编号属于它们"
    )
    no_variables = Message("there are no variables to differentiate by", "没有可求导的变量")
    no_formula = Message("none: {reason}", "无：{reason}")
    cotangent_is = Message("note: {name} is the cotangent", "注：{name} 是余切向量")
    agree = Message("formula and reverse mode agree", "公式与反向模式的结果一致")
    agree_but = Message("formula and reverse mode agree, but {cause}", "公式与反向模式的结果一致，但是：{cause}")
    disagree = Message("formula and reverse mode DISAGREE", "公式与反向模式的结果不一致")
    not_compared = Message("formula and reverse mode are not compared: {cause}", "没有比较公式与反向模式：{cause}")
    to_one_digit = Message("{verdict} to 1 digit", "{verdict}（1 位有效数字相同）")
    to_digits = Message("{verdict} to {digits} digits", "{verdict}（{digits} 位有效数字相同）")
    to_digits_or_more = Message("{verdict} to {digits} digits or more", "{verdict}（至少 {digits} 位有效数字相同）")
    up_to_difference = Message(
        "{verdict}: the largest relative difference is {difference}", "{verdict}：最大相对误差为 {difference}"
    )


class Legend(_Section):
    """What the shapes and lines of a picture stand for."""

    __slots__ = ()
    legend = Message("legend", "图例")
    operation = Message("operation", "运算")
    named_intermediate = Message("named intermediate", "命名的中间变量")
    folded_group = Message("folded group", "折叠的分组")
    folded_nodes = Message("{count} nodes", "{count} 个节点")
    local = Message("local", "局部导数")
    summed = Message("sum of {count}", "{count} 项之和")
    comma = Message(", ", "，")
    operand_of = Message("{operand} is operand {position} of {node}", "{operand} 是 {node} 的第 {position} 个操作数")
    local_derivative_legend = Message("local: derivative of the node by its operand", "局部导数：节点对操作数的导数")
    contribution_legend = Message("= contribution: what flows back to the operand", "= 贡献：回传给操作数的梯度")
    edge_of_both = Message("values forward, gradients back", "前向传值，反向传梯度")
    forward_edge = Message("forward edge", "前向边")
    backward_edge = Message("backward edge", "反向边")
    backward_function = Message("backward function", "反向函数")
    accumulate_grad = Message("AccumulateGrad", "AccumulateGrad（梯度累加）")
    leaf_tensor = Message("leaf tensor", "叶张量")
    base_tensor = Message("base tensor, of which the output is a view", "基张量（输出是它的视图）")
    saved_tensor = Message("saved tensor", "保存的张量")
    drawn_below = Message("drawn below", "画在下方")
    drawn_above = Message("drawn above", "画在上方")
    kept_for_backward = Message("kept for the backward pass", "为反向传播保留")
    view_of = Message("is a view of", "是其视图")
    output_tensor = Message("output tensor", "输出张量")


class Player(_Section):
    """The page that plays the forward and the backward pass step by step."""

    __slots__ = ()
    page_title = Message("Backpropagation step by step: {expression}", "反向传播逐步演示：{expression}")
    page_heading = Message("Backpropagation step by step", "反向传播逐步演示")
    automatic = Message("system", "跟随系统")
    size = Message("size of the graph", "计算图大小")
    smaller = Message("smaller", "缩小")
    larger = Message("larger", "放大")
    fit = Message("fit", "适合窗口")
    values_so_far = Message("values so far", "历次的值")
    descent_step = Message(
        "A step moves every variable a little against its gradient. All numbers of the page follow.",
        "每一步都让各变量沿梯度的反方向移动一点，页面上所有的数随之更新。",
    )
    descent_rule = Message("new value = value - learning rate × gradient", "新值 = 旧值 - 学习率 × 梯度")
    skip_to_controls = Message("skip to the controls", "跳到控制按钮")
    source = Message("source", "源代码")
    given_values = Message("given values", "给定的值")
    graph = Message("computation graph", "计算图")
    controls = Message("step control", "步骤控制")
    first_step = Message("first step", "第一步")
    previous_step = Message("previous step", "上一步")
    next_step = Message("next step", "下一步")
    last_step = Message("last step", "最后一步")
    play = Message("play", "播放")
    pause = Message("pause", "暂停")
    step = Message("step", "步骤")
    step_of = Message("step {step} of {steps}", "第 {step} 步，共 {steps} 步")
    direction = Message("direction", "方向")
    direction_forward = Message("forward", "前向")
    direction_backward = Message("backward", "反向")
    before_the_first_step = Message("Nothing is computed yet.", "尚未开始计算。")
    how_to_begin = Message("Press play, or go step by step with the arrow keys.", "按播放键，或用方向键逐步前进。")
    how_forward = Message(
        "Going forward, each node computes its value from the values of its operands, from the inputs down to the output.",
        "前向传播：从输入到输出，每个节点由其操作数的值算出自己的值。",
    )
    how_backward = Message(
        "Going backward, each edge multiplies the gradient of the node that it comes from (upstream) by a local derivative. "
        "Where several edges bring a contribution to a node, they are added up: their sum is its gradient.",
        "反向传播：每条边把它所来自的节点的梯度（上游梯度）乘以一个局部导数。若有多条边向同一节点送来贡献，则把它们相加，其和就是该节点的梯度。",
    )
    given_first = Message("First, what is given:", "首先是已给定的量：")
    clauses = Message("; ", "；")
    back_along = Message("Back from {source} to {target}:", "从 {source} 回传到 {target}：")
    back_along_operand = Message(
        "Back from {source} to its operand {operand}, {target}:",
        "从 {source} 回传到它的第 {operand} 个操作数 {target}：",
    )
    broadcast = Message("(summed: {node} is used {count} times)", "（求和：{node} 被使用了 {count} 次）")
    local_by_operand = Message("local derivative by operand {operand}", "对第 {operand} 个操作数的局部导数")
    held_fixed = Message(
        "{source} takes {node} as {count} operands. Each brings back a contribution of its own, as if the others were fixed; they add up.",
        "{node} 是 {source} 的 {count} 个操作数。每个操作数各带回一项贡献（其余视为不变），然后相加。",
    )
    n_is = Message("n is {count}: {node} has the shape {shape}", "n 为 {count}：{node} 的形状是 {shape}")
    only_chooses = Message(
        "{node} only chooses here: nothing flows back to it", "{node} 在这里只起选择作用：没有梯度回传给它"
    )
    came_from = Message("from {source}:", "来自 {source}：")
    more_to_come = Message(
        "{sum} has arrived at {node} so far, and more is to come ({count} of {of})",
        "目前到达 {node} 的是 {sum}，还有贡献未到（{count}/{of}）",
    )
    all_arrived = Message("all {count} contributions have arrived:", "{count} 项贡献已全部到达：")
    whole_gradient = Message("the contribution is the whole gradient of {node}", "这项贡献就是 {node} 的全部梯度")
    contribution_of = Message(
        "contribution {count} of {of} to {node}, and more is to come",
        "这是 {node} 的第 {count} 项贡献，共 {of} 项，还有贡献未到",
    )
    last_contribution = Message(
        "the last of {count} contributions to {node}: their sum is its gradient",
        "{node} 的 {count} 项贡献到此齐全：其和就是它的梯度",
    )
    gradient_complete = Message("the gradient of {node} is {gradient}", "{node} 的梯度为 {gradient}")
    so_far = Message("so far", "此前累计")
    still_to_come = Message("still to come", "尚未到达")
    backward_done = Message(
        "Done. How the output changes with each variable, its gradient:", "完成。输出随每个变量的变化率，即梯度："
    )
    forward_input = Message("{node} is given: {value}", "{node} 已给定：{value}")
    forward_step = Message("{node} = {computes} = {value}", "{node} = {computes} = {value}")
    backward_done_cotangent = Message(
        "Done. The gradient of the output weighed by the cotangent, {output}:",
        "完成。以余切向量加权的输出 {output} 的梯度：",
    )
    backward_start = Message(
        "The way back begins at the output: the derivative of {output} with respect to itself is {gradient}",
        "反向传播从输出开始：{output} 对自身的导数为 {gradient}",
    )
    backward_start_cotangent = Message(
        "The way back begins at {output} with the cotangent {cotangent}",
        "反向传播从 {output} 的余切向量 {cotangent} 开始",
    )
    backward_step = Message(
        "local derivative {local} × upstream {upstream} = contribution {contribution}",
        "局部导数 {local} × 上游梯度 {upstream} = 贡献 {contribution}",
    )
    backward_step_by_rule = Message(
        "by {rule}, upstream {upstream} becomes the contribution {contribution}",
        "按 {rule}，上游梯度 {upstream} 变为贡献 {contribution}",
    )
    backward_step_in_words = Message(
        "upstream {upstream} becomes the contribution {contribution} ({words})",
        "上游梯度 {upstream} 变为贡献 {contribution}（{words}）",
    )
    backward_step_folded = Message(
        "through the {count} folded nodes, upstream {upstream} becomes the contribution {contribution}",
        "上游梯度 {upstream} 经过折叠的 {count} 个节点，变为贡献 {contribution}",
    )
    through_folded = Message("through {count} nodes", "经过 {count} 个节点")
    not_yet = Message("not yet known", "尚未得出")
    no_gradient = Message("no gradient passes here", "此处没有梯度经过")
    history = Message("history of {node}", "{node} 的计算历史")
    choose_a_node = Message(
        "point at a node or focus it to see its history", "将指针移到节点上，或用键盘聚焦节点，可查看其计算历史"
    )
    descent = Message("gradient descent", "梯度下降")
    learning_rate = Message("learning rate", "学习率")
    take_a_step = Message("take a step", "下降一步")
    reset = Message("reset", "重置")
    went_down = Message(
        "the last step took the value down, from {before} to {now}", "最后一步使值下降：从 {before} 到 {now}"
    )
    went_up = Message(
        "the last step took the value up, from {before} to {now}", "最后一步使值上升：从 {before} 到 {now}"
    )
    stayed = Message("the last step left the value at {now}", "最后一步没有改变值：仍为 {now}")
    at_the_start = Message("at the start", "起点")
    then = Message("at the start:", "在起点：")
    now = Message("now", "现在")
    rate_above_zero = Message("the learning rate must be a number greater than 0", "学习率必须是大于 0 的数")
    one_number_only = Message(
        "gradient descent needs a single number to make smaller; this output is weighed by the cotangent {cotangent}",
        "梯度下降需要一个可以减小的数；而这里的输出以余切向量 {cotangent} 加权",
    )
    steps_taken = Message("steps taken: {count}", "已下降 {count} 步")
    cannot_recompute = Message(
        "this page cannot recompute {primitive}; run {command}", "本页面无法重新计算 {primitive}；请运行 {command}"
    )
    too_long_to_recompute = Message(
        "the computation is too long for this page; run {command}", "计算量太大，本页面无法重新计算；请运行 {command}"
    )
    another_path = Message(
        "the computation takes another path at this point: run {command}",
        "计算在这一点上会走另一条路径：请运行 {command}",
    )
    not_finite_there = Message(
        "the step leads to numbers that are not finite: run {command}", "这一步会得到非有限的数：请运行 {command}"
    )
    keyboard = Message("keyboard", "键盘操作")
    key_arrows = Message("left and right arrow: previous and next step", "左右方向键：上一步、下一步")
    key_ends = Message("Home and End: first and last step", "Home 键和 End 键：第一步、最后一步")
    key_space = Message("space: play or pause", "空格键：播放或暂停")
    key_tab = Message("Tab: from node to node", "Tab 键：在节点之间移动")
    theme = Message("theme", "主题")
    light = Message("light", "浅色")
    dark = Message("dark", "深色")
    all_steps = Message("table of all steps", "全部步骤一览表")
    needs_script = Message(
        "the controls need JavaScript; the table of all steps is complete without it",
        "控制按钮需要 JavaScript；全部步骤一览表不需要，内容完整",
    )


class Handout(_Section):
    """The headings of a report in a file."""

    __slots__ = ()
    expression = Message("Expression", "表达式")
    at = Message("At", "取值点")
    forward_pass = Message("Forward pass", "前向传播过程")
    backward_pass = Message("Backward pass", "反向传播过程")
    formulas = Message("Formulas", "求导公式")
    computation_graph = Message("Computation graph", "计算图")
    agreement = Message("Agreement", "一致性检验")
    kinks = Message("Kinks", "不可导点")
    labelled = Message("{label}: ", "{label}：")
    too_many_nodes = Message(
        "the graph has {count} nodes, too many for a picture", "计算图有 {count} 个节点，太多，无法画成一幅图"
    )


SECTIONS: tuple[type[_Section], ...] = (Words, Report, Legend, Player, Handout)


class Texts(Words, Report, Legend, Player, Handout):
    """All messages in a language."""

    __slots__ = ()

    def named(self, name: str) -> str:
        """The text of a message whose name is data, such as the role of a box. Raises KeyError for a name that there is not."""
        return messages(*SECTIONS)[name].within(self.language)

    def of(self, *sections: type[_Section]) -> dict[str, str]:
        """The texts of some sections by name, for a page that brings them along."""
        return {name: message.within(self.language) for name, message in messages(*sections).items()}


def messages(*sections: type[_Section]) -> Mapping[str, Message]:
    """The messages of some sections by name."""
    return {
        name: message for section in sections for name, message in vars(section).items() if isinstance(message, Message)
    }
