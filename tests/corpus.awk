# Compares what drafts of tests/corpus must meet with and what sm-lint said of them: for tests/corpus.sh, which gives the
# files known, *.in (drafts) and *.out (reports) in that order.
function value(key) {
    if (!match($0, "\"" key "\": *\"[^\"]*\""))
        return ""
    s = substr($0, RSTART, RLENGTH - 1)
    sub(/.*"/, "", s)
    return s
}
function fail(text) {
    print text
    bad++
}
# Puts into `seen` every family that found something, and into `heldby` those that hold.
function findings(rest,    pair) {
    split("", seen)
    split("", heldby)
    while (match(rest, /"rule":"[^"]*","grade":"[a-z]*"/)) {
        split(substr(rest, RSTART, RLENGTH), pair, "\"")
        rest = substr(rest, RSTART + RLENGTH)
        rule = pair[4]
        sub(/\/.*/, "", pair[4])
        seen[pair[4]] = rule
        if (pair[8] != "notice")
            heldby[pair[4]] = rule
    }
}
# What is wrong with this report on the draft `id`, or nothing.
function complaint(id, grade,    f, n, family, others) {
    findings($0)
    if (part[id] == "held") {
        if (grade != "warning" && grade != "error")
            return "must be held as " families[id] ", is " grade
        held++
        heldin[first[id]]++
        n = split(families[id], family, " ")
        for (f = 1; f <= n; f++)
            if (family[f] in heldby) {
                right++
                rightin[first[id]]++
                return ""
            }
        for (f in heldby)
            others = others " " heldby[f]
        return "must be held as " families[id] ", is held by" others
    }
    if (grade == "warning" || grade == "error")
        for (f in heldby)
            return "must not be held, is by " heldby[f]
    if (part[id] == "lookalikes")
        for (f in seen)
            if (index(id, f "-") == 1)
                return "must leave " f " silent, draws " seen[f]
    return ""
}
FILENAME == known {
    line++
    if ($0 == "" || /^#/)
        next
    if (NF < 2)
        fail(place ":" line ": \"" $1 "\" has no reason")
    if ($1 in excused)
        fail(place ":" line ": \"" $1 "\" is there twice")
    excused[$1] = line
    next
}
FILENAME ~ /\.in$/ {
    id = value("id")
    if (id == "" || id in part)
        fail("a draft has no id, or that of another: " substr($0, 1, 60))
    part[id] = FILENAME
    gsub(/.*\/|\.in$/, "", part[id])
    total[part[id]]++
    if (part[id] == "held" && match($0, /"families": *\[[^]]*\]/)) {
        families[id] = substr($0, RSTART, RLENGTH)
        gsub(/.*\[|[]",]/, "", families[id])
        first[id] = families[id]
        sub(/ .*/, "", first[id])
        of[first[id]]++
    }
    next
}
{
    id = value("id")
    answered[id] = 1
    why = complaint(id, value("grade"))
    if (why == "") {
        good++
        ok[part[id]]++
        if (id in excused) {
            passes[id] = 1
            if (!mend)
                fail(place ":" excused[id] ": \"" id "\" passes now; take it out")
        }
    } else if (id in excused)
        waived++
    else
        fail(id ": " why)
}
END {
    if (!total["clean"] || !total["held"])
        fail(place ": there are no drafts beside it")
    for (id in part)
        if (!(id in answered))
            fail(id ": sm-lint gave no answer")
    for (id in excused)
        if (!(id in part))
            fail(place ":" excused[id] ": there is no draft \"" id "\"")
    for (id in passes)
        print id >mended
    if (table) {
        printf "%-14s %5s %5s %5s\n", "family", "of", "held", "right"
        for (f in of)
            printf "%-14s %5d %5d %5d\n", f, of[f], heldin[f], rightin[f] | "sort"
        close("sort")
    }
    printf "clean %d/%d, held %d/%d, right family %d/%d, look-alikes %d/%d\n", ok["clean"], total["clean"],
        held, total["held"], right, total["held"], ok["lookalikes"], total["lookalikes"]
    printf "corpus: %d passed, %d failed", good, bad
    if (waived)
        printf ", %d known", waived
    print ""
    exit bad > 0
}
