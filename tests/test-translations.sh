#!/bin/sh
# Catalogues are complete, and the check sees a string that nobody translated.
source=$1
echo 1..2
if out=$("$source/tests/check-translations" "$source"); then echo "ok 1 - /translations/complete"; else echo "$out" | sed 's/^/# /'; echo "not ok 1 - /translations/complete"; fi
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
(cd "$source" && tar cf - --exclude='*.xlsx' app sync ui data po tests/check-translations) | tar xf - -C "$copy"
printf 'const char *planted (void) { return _("A planted string"); }\n' >> "$copy/$(grep -m1 '\.c$' "$copy/po/POTFILES")"
if out=$("$copy/tests/check-translations" "$copy"); then echo "not ok 2 - /translations/finds-what-is-missing"; else case $out in *"used but not defined"*|*"not defined"*) echo "ok 2 - /translations/finds-what-is-missing" ;; *) echo "$out" | sed 's/^/# /'; echo "not ok 2 - /translations/finds-what-is-missing" ;; esac; fi
