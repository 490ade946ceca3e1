"""What the site is made of: the pages of the repository and the files that they link to, where they stand in it."""

import re
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

HERE = Path(__file__).parent
ROOT = HERE.parent
#: Beside the pages of the documentation.
OTHERS = ("*.md", "LICENSE", "examples/**/*.*")
#: A name of a page or folder in Chinese.
CHINESE = re.compile(r"[./]zh[-./]")
#: Characters that take two columns of a terminal.
WIDE = re.compile("[\u2e80-\u9fff\uff01-\uff60]+")


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Folders in the navigation give way to their pages. A page for lost readers would need a host."""
    config.theme.static_templates.discard("404.html")
    config.nav = [
        {title: [page for place in places for page in pages(place)] for title, places in section.items()}
        for section in config.nav or ()
    ]
    return config


def pages(place: str) -> list[str]:
    """A page; or of a folder its index, and what that links to within the folder."""
    if not place.endswith("/"):
        return [place]
    links = re.findall(r"\]\((\w[\w./-]*\.md)\)", (ROOT / place / "README.md").read_text(encoding="utf-8"))
    return [f"{place}README.md", *(f"{place}{link}" for link in dict.fromkeys(links))]


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """The repository's files instead of those of one folder, and the looks of the site."""
    for file in [file for file in files if file.src_dir == config.docs_dir]:
        files.remove(file)
    found = [path for pattern in (*OTHERS, "docs/**/*.*") for path in sorted(ROOT.glob(pattern))]
    for path, source in [*((path, ROOT) for path in found), (HERE / "diffcli.css", HERE)]:
        name = path.relative_to(source).as_posix()
        files.append(File(name, str(source), config.site_dir, config.use_directory_urls))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """A folder that is linked to is its index; one without has no page, and the link is its text."""
    here = ROOT / Path(page.file.src_uri).parent

    def mended(link: re.Match[str]) -> str:
        text, target = link.groups()
        if not (here / target).is_dir():
            return link[0]
        return f"[{text}]({target.rstrip('/')}/README.md)" if (here / target / "README.md").exists() else text

    return re.sub(r"\[([^\]]+)\]\(([\w./-]+)\)", mended, markdown)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Characters as wide as two letters are marked where columns have to line up."""
    return re.sub(
        "<pre.*?</pre>", lambda block: WIDE.sub(r'<span class="wide">\g<0></span>', block[0]), html, flags=re.S
    )


def on_page_context(context: dict[str, object], page: Page, config: MkDocsConfig, nav: object) -> None:
    """A page in Chinese is said to be so, and what stands around it is."""
    chinese = CHINESE.search(f"/{page.file.src_uri}")
    config.theme["language"] = "zh" if chinese else "en"


#: What the theme writes and readers stumble over: attributes that HTML has no place for, menus named by an empty title.
MENDED = (
    (r' autocomplete="off">', ">"),
    (r' tabindex=""', ""),
    (r'"(__nav_[\d_]+)_label"( aria-expanded="\w+">\s*<label class="md-nav__title")', r'"\1_title"\2 id="\1_title"'),
)


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The page, mended."""
    for wrong, right in MENDED:
        output = re.sub(wrong, right, output)
    return output
