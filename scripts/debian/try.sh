#!/bin/sh
# try.sh PACKAGE.deb [FOLDER]: install the package in a bare Debian and start it there under Xvfb.
# Needs root and debootstrap; FOLDER (kept between runs) holds the bare system. Prints what it measured.
set -eu
package=$(readlink -f "$1")
root=${2:-$(mktemp -d)}
suite=${SUITE:-bookworm}
mirror=${MIRROR:-http://deb.debian.org/debian}
if [ ! -x "$root/usr/bin/apt-get" ]; then
    debootstrap --variant=minbase "$suite" "$root" "$mirror" >/dev/null
fi
cp "$package" "$root/tmp/suxin.deb"
cat >"$root/tmp/inside.sh" <<'INSIDE'
set -eu
export DEBIAN_FRONTEND=noninteractive HOME=/root LANG=C.UTF-8
apt-get -qq update
apt-get -qq install -y --no-install-recommends /tmp/suxin.deb xvfb xauth xdotool shared-mime-info >/dev/null
suxin --json demo --out /tmp/story >/tmp/demo.json
echo "terminal: demo done, $(wc -c </tmp/demo.json) bytes of JSON"
proof=/tmp/story/proof.json
suxin check "$proof"
Xvfb :7 -screen 0 1440x900x24 -nolisten tcp -noreset 2>/dev/null &
screen=$!
export DISPLAY=:7 QT_QPA_PLATFORM=xcb
for run in first second third; do
    begun=$(date +%s%N)
    suxin --locale zh_CN --home /tmp/home "$proof" &
    program=$!
    until xdotool search --onlyvisible --pid $program >/dev/null 2>&1; do
        kill -0 $program
    done
    echo "window: $run start, shown after $((($(date +%s%N) - begun) / 1000000)) ms"
    until [ -n "$(xdotool search --name '证明文件|Proof file' 2>/dev/null)" ]; do
        kill -0 $program
        sleep 0.2
    done
    echo "window: the proof given as argument is open"
    kill $program
    wait $program || true
done
kill $screen
[ ! -e /tmp/home/crashes ]
echo "no crash report was written"
INSIDE
mount --bind /proc "$root/proc"
trap 'umount "$root/proc"' EXIT
chroot "$root" sh /tmp/inside.sh
