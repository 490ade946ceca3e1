"""Results for people, as a command shows them on a screen: a module for each command, and the parts that they share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffcli.render.text import check as check
    from diffcli.render.text import compare as compare
    from diffcli.render.text import descend as descend
    from diffcli.render.text import diff as diff
    from diffcli.render.text import functions as functions
    from diffcli.render.text import grad as grad
    from diffcli.render.text import graph as graph
    from diffcli.render.text import hessian as hessian
    from diffcli.render.text import jacobian as jacobian
    from diffcli.render.text import jvp_vjp as jvp_vjp
    from diffcli.render.text import manual as manual
    from diffcli.render.text import quiz as quiz
    from diffcli.render.text import sheet as sheet
    from diffcli.render.text import steps as steps
    from diffcli.render.text import torch_graph as torch_graph
else:
    from diffcli.render.lazy import modules_of

    __getattr__ = modules_of(__name__)
