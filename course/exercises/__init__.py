"""The graded exercises: read from `solutions/`, written to `exercises/` and `_build/bundles/`.

`plan` needs the standard library only, because the site reads it; the rest needs the extra
`exercises`.
"""
