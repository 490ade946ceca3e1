"""Results as versioned JSON documents: a module for each command, and the entries that they share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffcli.render.documents import check as check
    from diffcli.render.documents import compare as compare
    from diffcli.render.documents import descend as descend
    from diffcli.render.documents import diff as diff
    from diffcli.render.documents import functions as functions
    from diffcli.render.documents import grad as grad
    from diffcli.render.documents import graph as graph
    from diffcli.render.documents import linear_maps as linear_maps
    from diffcli.render.documents import manual as manual
    from diffcli.render.documents import quiz as quiz
    from diffcli.render.documents import sheet as sheet
    from diffcli.render.documents import torch_graph as torch_graph
else:
    from diffcli.render.lazy import modules_of

    __getattr__ = modules_of(__name__)
