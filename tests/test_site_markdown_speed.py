"""The short ways of our Markdown parser give what markdown-it gives without them, on whatever lines."""

from __future__ import annotations

from unittest.mock import patch

from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.rules_core import block, inline, normalize

from publish.pages import tables
from publish.pages.markdown import parser

LINE = st.lists(
    st.sampled_from(
        [
            *(
                "公开",
                "a",
                "1",
                " ",
                "  ",
                "    ",
                "\t",
                "　",
                "\r",
                "\0",
                "#",
                "## ",
                "> ",
                "- ",
                "1. ",
                "* ",
                "`",
                "```",
                "~~~",
                "===",
                "---",
                "***",
            ),
            *(
                "|",
                "| a | b |",
                "| a／b | a／c |",
                "| 一 | [1](x) |",
                "| --- | ---: |",
                "\\",
                "\\*",
                "*gloss*",
                "**b**",
                "_",
                "[x](y)",
                "[x](http://y)",
                "[※1](#c)",
                "[x]: y",
                "![",
            ),
            *("<b>", "&amp;", "&emsp;", "{#anchor}", "[!NOTE]", "https://gov.cn", "_x_", "／", "件 *cases* "),
            *(">", "> 公开", "> [!NOTE]", "> - 一 {#a}", "> （一）", "（一）", "2024年", "△1 ", "[!WARNING]"),
            *(
                "[*名*](x/)",
                "[*名*1](x)",
                "[*（名）*, 1](x)",
                "[*（名）*一](x)",
                "“*名*”",
                '("*a*")',
                "1.*名*",
                "`a_b`",
                "`a`",
                '"',
                "”",
                "(",
                ".",
            ),
            *("- 公开", "- *名*：一", "- *（名）*（一）", "- [名](a/?b=%E5%B9&c=1#d)：一", "- 一 {#a}", "- [x](y) {#b.c}", "{#}"),
        ]
    ),
    max_size=5,
).map("".join)
TEXT = st.lists(LINE, max_size=8).map("\n".join)


def stock() -> MarkdownIt:
    made = parser.__wrapped__()
    made.block.ruler.disable("by_first_character")
    for rule in (normalize, block, inline):
        made.core.ruler.at(rule.__name__, rule)
    return made


def the_long_way(text: str) -> str:
    with patch.multiple(tables, render_simple=lambda text: None, _simple_head=lambda head, numeric: None):
        return stock().render(text)


@given(TEXT)
@example("- 一\n\n  二\n三")
@example("> 一\n二\n\n> - 三\n> 四")
@example("一\n===\n二\n---\n")
@example("　一　\n")
@example("一\n  ")
@example("## 　一　 {#a}\n\n| a |\n| - |\n")
@example("## 一 ##\n# [※1](#c) *b*\n#\n\n公开 *c* {#b}\n")
@example(" \t一\n\n \t| a |\n  | - |\n")
@example("- 一\n- *名*：[名](a/?b=%E5%B9#d) {#g1}\n\n\n二\n- 三\n- - 四\n")
@example("## 一 {#a}\n## 二 #{#b}\n## 三 {#\n## {#c}\n## 四{##\n## 五 # {#d} #\n")
@example("[*（名）*, 1](x)，[*名*2024年](y)、[*（名）*1](z)\n\n[*※1*](#c) `a` \\`b` `` `c`")
@example('“*a）*”，“*（b*”，"*c*"*d*.*e*')
@example("- 一 {#a}\n\n  - 二\n- 三")
@example("- 一\n 二\n\n- 三\n\t四")
@example("-     一")
@example("- 一\n* 二\n- \n- 三")
@example("> （一）*a* {#a}\n>\n> 2024年\n>\n> △1\n")
@example("> [!NOTE]\n> - 一 {#a}\n> - [二](b)\n\n> [!WARNING]\n> 三 *c*\n>\n> 四\n\n五")
@example("> [!NOTE]\n>\n> 一\n\n> [!NOTE]\n\n> 一\n二")
@example("> 一\n> 二\n\n>\n\n> - 一\n>\n> - 二\n\n>一\n>  \n>  二\n")
@example("- 一　\n\n> 二　\n")
@example("| a／b | a／*c* |\n| - | -: |\n| [1](x) | `a`　|\n | 一 | 二 |\n|\n| 三 |")
@example("| ![a] |\n| - |\n|| \n|\t|\n\n| a |\n| - |\n| &emsp;b |\n    | c |")
@example("1. 一\n2. 二\n\n   | a |\n   | - |\n   | b |")
def test_the_short_way_is_the_long_way(text: str) -> None:
    assert parser().render(text) == the_long_way(text)
