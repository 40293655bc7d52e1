"""The templates of this package."""

import jinja2


def environment(escape: bool) -> jinja2.Environment:
    """Where the templates are loaded from. *escape*: whether values are escaped for HTML."""
    return jinja2.Environment(
        loader=jinja2.PackageLoader("runpy_conformance.report"),
        autoescape=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
