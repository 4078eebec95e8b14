#!/bin/sh
# The direction rule holds in the tree, and the check finds wrong includes that are planted.
set -u
source=$1
check=$source/tests/check-floors
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
number=0
report() {
  number=$((number + 1))
  if [ "$1" = yes ]; then echo "ok $number - $2"; else echo "not ok $number - $2"; fi
}
echo 1..7

if out=$("$check" "$source"); then report yes /floors/the-tree-is-clean; else echo "$out" | sed 's/^/# /'; report no /floors/the-tree-is-clean; fi

plant() {
  rm -rf "$copy"/* && mkdir -p "$copy/app/base" "$copy/app/form" "$copy/sync/server" "$copy/ui/kiosk" "$copy/tests"
  cp "$source/tests/floors.txt" "$copy/tests/"
  printf '#include <glib.h>\n%s\n' "$2" > "$copy/$1"
  out=$("$check" "$copy") && { report no "$3"; return; }
  case $out in "$1:2: "*) report yes "$3" ;; *) echo "# $out"; report no "$3" ;; esac
}
plant app/base/a.c '#include "app/form/sarap-form.h"' /floors/base-must-not-know-form
plant app/form/a.c '#include <gtk/gtk.h>' /floors/no-gtk-below-ui
plant app/form/b.h '# include <sqlite3.h>' /floors/no-sqlite-outside-the-stores
plant sync/server/a.c '#include "app/store/sarap-store.h"' /floors/server-must-not-know-the-device-store
plant ui/kiosk/a.c '#include "ui/staff/sarap-staff-home.h"' /floors/roles-must-not-know-each-other
plant app/base/b.c '#include "sarap-csv.h"' /floors/includes-start-at-the-root
