#!/bin/sh
# What the libraries export: the shared one just what smlint.h declares; inside, every name begins with sml_ and says
# its file; nothing can open a socket.
cd "$(dirname "$0")/.." || exit 2
B=${B:-build/release}
good=0 bad=0
tally() { if [ "$1" = 0 ]; then good=$((good + 1)); else bad=$((bad + 1)); echo "$2"; fi; }

declared=$(sed -n 's/^SML_API .*[ *]\(sml_[a-z_0-9]*\)(.*/\1/p' include/smlint.h | sort)
if [ -e "$B"/libsmlint.so.0 ]; then
    exported=$(nm -D --defined-only "$B"/libsmlint.so.0 | awk '$2 ~ /[TDBR]/ { print $3 }' | sort)
    [ "$declared" = "$exported" ]
    tally $? "libsmlint.so exports other names than smlint.h declares: $(printf '%s\n%s\n' "$declared" "$exported" | sort | uniq -u | tr '\n' ' ')"
fi

strangers=$(nm --defined-only --extern-only "$B"/libsmlint.a 2>/dev/null | awk 'NF == 3 && $3 !~ /^sml_/ { print $3 }' | grep -v -e '^__' -e '^_')
[ -z "$strangers" ]
tally $? "external names without sml_: $strangers"

for o in $(find "$B"/src/base "$B"/src/text "$B"/src/image "$B"/src/match "$B"/src/rulebook "$B"/src/report -name '*.o'); do
    # .data.rel.ro is constant: it only waits for its addresses.
    writable=$(objdump -t "$o" | awk '$0 ~ / O / && $4 ~ /^\.(data|bss)/ && $4 !~ /^\.data\.rel\.ro/ { print $NF }' | grep -v -e '^__' -e '^ubsan' -e '^hook$' -e '^fail_after$')
    [ -z "$writable" ]
    tally $? "$o has writable state outside a struct: $writable"
done

# The program may have the C library's own linked in: what matters is that nothing of ours asks for them.
sockets=$(find "$B"/src -name '*.o' | xargs nm -u | grep -E ' (socket|connect|bind|getaddrinfo|gethostbyname|send|sendto|sendmsg)(@|$)')
[ -z "$sockets" ]
tally $? "sm-lint can reach the network: $sockets"

echo "symbols: $good passed, $bad failed"
[ "$bad" = 0 ]
