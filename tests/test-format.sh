#!/bin/sh
# The whole tree is formatted as .clang-format says (version 14; others format differently).
source=$1
echo 1..1
case $(clang-format --version 2>/dev/null) in
  *'version 14'*) ;;
  *) echo "ok 1 - /format # SKIP needs clang-format 14"; exit 0 ;;
esac
cd "$source" || exit 1
wrong=$(find app sync ui tests -name '*.[ch]' -print0 | xargs -0 clang-format --dry-run 2>&1 | grep -o '^[^ ]*: warning' | cut -d: -f1,2 | sort -u | head -20)
if [ -z "$wrong" ]; then echo "ok 1 - /format"; else echo "$wrong" | sed 's/^/# /'; echo "not ok 1 - /format"; fi
