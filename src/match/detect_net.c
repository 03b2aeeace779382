/* SPDX-License-Identifier: MIT */
/*
 * Addresses: of people (mail, post), of machines, and the keys to them. Links count here, but only where the name of a machine
 * stands in one; a path may hold anything.
 */
#include "match/detect_find.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define ROW(s)                                                                                     \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

/* ---- e-mail ---- */

/* A mailbox with one of these in it belongs to an office. */
static const char *const roles[] = {"academy",
                                    "access",
                                    "accounts",
                                    "admin",
                                    "advice",
                                    "alerts",
                                    "appeals",
                                    "applications",
                                    "archive",
                                    "asb",
                                    "benefit",
                                    "benefits",
                                    "bins",
                                    "bookings",
                                    "box",
                                    "branch",
                                    "building",
                                    "business",
                                    "campaign",
                                    "campaigns",
                                    "care",
                                    "careers",
                                    "casework",
                                    "centre",
                                    "clerk",
                                    "comms",
                                    "communications",
                                    "community",
                                    "complaints",
                                    "compliance",
                                    "consultation",
                                    "consultations",
                                    "contact",
                                    "contactus",
                                    "control",
                                    "correspondence",
                                    "council",
                                    "customer",
                                    "customerservices",
                                    "data",
                                    "democratic",
                                    "democracy",
                                    "desk",
                                    "digital",
                                    "duty",
                                    "education",
                                    "elections",
                                    "electoral",
                                    "emergency",
                                    "engagement",
                                    "enquiries",
                                    "enquiry",
                                    "environment",
                                    "events",
                                    "family",
                                    "feedback",
                                    "finance",
                                    "foi",
                                    "foia",
                                    "fraud",
                                    "freedom",
                                    "general",
                                    "governance",
                                    "grants",
                                    "health",
                                    "hello",
                                    "help",
                                    "helpdesk",
                                    "helpline",
                                    "highways",
                                    "hotline",
                                    "housing",
                                    "hr",
                                    "info",
                                    "information",
                                    "inbox",
                                    "inquiries",
                                    "jobs",
                                    "learning",
                                    "legal",
                                    "library",
                                    "licensing",
                                    "mail",
                                    "mailbox",
                                    "manager",
                                    "marketing",
                                    "media",
                                    "museum",
                                    "news",
                                    "newsdesk",
                                    "newsletter",
                                    "newsroom",
                                    "noreply",
                                    "office",
                                    "officer",
                                    "operations",
                                    "parking",
                                    "partnerships",
                                    "payments",
                                    "planning",
                                    "policy",
                                    "post",
                                    "postmaster",
                                    "press",
                                    "pressoffice",
                                    "privacy",
                                    "procurement",
                                    "programme",
                                    "project",
                                    "protection",
                                    "public",
                                    "publications",
                                    "records",
                                    "recruitment",
                                    "recycling",
                                    "register",
                                    "registration",
                                    "reply",
                                    "report",
                                    "reports",
                                    "requests",
                                    "research",
                                    "safeguarding",
                                    "safety",
                                    "sales",
                                    "school",
                                    "secretariat",
                                    "secretary",
                                    "security",
                                    "service",
                                    "services",
                                    "site",
                                    "social",
                                    "staff",
                                    "statistics",
                                    "stats",
                                    "street",
                                    "studies",
                                    "support",
                                    "survey",
                                    "tax",
                                    "team",
                                    "tickets",
                                    "tourism",
                                    "training",
                                    "transport",
                                    "travel",
                                    "tribunal",
                                    "unit",
                                    "update",
                                    "updates",
                                    "volunteer",
                                    "volunteering",
                                    "waste",
                                    "web",
                                    "webmaster",
                                    "website",
                                    "welfare",
                                    "works",
                                    "youth",
                                    NULL};

static const char *const free_mail[] = {
    "gmail.com",      "googlemail.com", "hotmail.com",  "hotmail.co.uk",   "outlook.com",
    "live.co.uk",     "live.com",       "msn.com",      "yahoo.com",       "yahoo.co.uk",
    "ymail.com",      "icloud.com",     "me.com",       "mac.com",         "aol.com",
    "btinternet.com", "sky.com",        "talktalk.net", "virginmedia.com", "ntlworld.com",
    "proton.me",      "protonmail.com", "gmx.com",      "mail.com",        NULL};

static const char *const reserved_domains[] = {"example.com", "example.org", "example.net", NULL};
static const char *const reserved_ends[] = {
    ".example",     ".test",        ".invalid",     ".localhost",
    ".example.com", ".example.org", ".example.net", NULL};

static bool reserved(Str domain)
{
    for (const char *const *end = reserved_ends; *end; end++)
        if (sml_str_ends(domain, sml_str_from(*end)))
            return true;
    return sml_detect_listed(domain, reserved_domains);
}

/* The next part of a mailbox, its digits at the end left out. */
static bool next_part(Str *part, Str *box)
{
    size_t i = 0;
    if (!box->p)
        return false;
    while (i < box->len && !strchr("._-+", box->p[i]))
        i++;
    *part = sml_str_slice(*box, 0, i);
    while (part->len && is_digit(part->p[part->len - 1]))
        part->len--;
    *box = i < box->len ? sml_str_slice(*box, i + 1, box->len) : (Str){NULL, 0};
    return true;
}

/* First and last name, or an initial; a single word says too little, unless the mail is the free kind that people have. */
static bool is_person(Str box, Str domain)
{
    unsigned parts = 0;
    Str part, rest = box;
    while (next_part(&part, &rest)) {
        if (sml_detect_listed(part, roles))
            return false;
        parts += part.len > 0;
    }
    return (parts >= 2 && parts <= 4) || sml_detect_listed(domain, free_mail);
}

void sml_detect_email(Find *f)
{
    const Tokens *t = f->d->tokens;
    for (uint32_t i = 0; i < t->n; i++) {
        if (t->v[i].kind != TOKEN_EMAIL)
            continue;
        Str domain = sml_str_slice(f->text, t->v[i].start, sml_token_end(&t->v[i])), box;
        sml_str_cut(&box, &domain, '@');
        if (domain.p && !reserved(domain) && is_person(box, domain))
            sml_detect_add(f, t->v[i].start, sml_token_end(&t->v[i]));
    }
}

/* ---- postcode ---- */

/* Areas in use, each between spaces. */
static const char areas[] =
    " ab al b ba bb bd bh bl bn br bs bt bx ca cb cf ch cm co cr ct cv cw da dd de dg dh dl dn dt "
    "dy "
    "e ec eh en ex fk fy g gl gu gy ha hd hg hp hr hs hu hx ig im ip iv je ka kt kw ky l la ld le "
    "ll "
    "ln ls lu m me mk ml n ne ng np nr nw ol ox pa pe ph pl po pr rg rh rm s sa sc se sg sk sl sm "
    "sn "
    "so sp sr ss st sw sy ta td tf tn tq tr ts tw ub w wa wc wd wf wn wr ws wv yo ze ";

static bool is_area(const char *letters, size_t n)
{
    char padded[5] = {' ', letters[0], n == 2 ? letters[1] : ' ', ' ', '\0'};
    padded[n + 2] = '\0';
    return strstr(areas, padded) != NULL;
}

/* BS 7666: one or two letters, a digit, perhaps a digit or letter; a space or none; a digit, two letters, never C I K M O V. */
static size_t postcode_at(const Find *f, size_t at)
{
    static const char *const shapes[] = {"a9_9aa",   "a99_9aa",  "a9a_9aa", "aa9_9aa",
                                         "aa99_9aa", "aa9a_9aa", "gir_0aa", NULL};
    char got[12];
    if (!is_digit(byte_at(f->text, at + 1)) && !is_digit(byte_at(f->text, at + 2)) &&
        !is_digit(byte_at(f->text, at + 3)) && !is_digit(byte_at(f->text, at + 4)))
        return 0;
    for (const char *const *s = shapes; *s; s++) {
        size_t end = sml_detect_shape(f->text, at, *s, got);
        if (!end || !sml_detect_ends(f, end))
            continue;
        size_t n = strlen(got), letters = is_letter(got[1]) ? 2 : 1;
        bool known = **s == 'g' || is_area(got, letters);
        bool odd = n - 3 > letters + 1 && strchr("ilmnoqrvxyz", got[letters + 1]);
        if (known && !odd && !strchr("cikmov", got[n - 1]) && !strchr("cikmov", got[n - 2]))
            return end;
    }
    return 0;
}

void sml_detect_postcode(Find *f)
{
    for (size_t at = sml_detect_word_by_digit(f, 0, 4); at < f->text.len;
         at = sml_detect_word_by_digit(f, at + 1, 4)) {
        size_t end = is_letter(f->text.p[at]) ? postcode_at(f, at) : 0;
        if (end && sml_detect_in_capitals(f, at, end) && !sml_detect_in_link(f, at))
            sml_detect_add(f, at, end);
    }
}

/* ---- network addresses ---- */

static const char *const version_words[] = {"version",  "v",    "section",   "release", "build",
                                            "firmware", "para", "paragraph", "chapter", "clause",
                                            "part",     "ios",  "android",   "rev",     NULL};

/* In a link only a machine's name or number counts: at its start, or behind "//". */
static bool names_machine(const Find *f, size_t at)
{
    const Token *t = sml_token_holding(f->d->tokens, (uint32_t)at);
    bool slashes = at >= 2 && f->text.p[at - 1] == '/' && f->text.p[at - 2] == '/';
    if (t && t->kind == TOKEN_URL)
        return t->start == at || slashes;
    return (!t || (t->kind != TOKEN_EMAIL && t->kind != TOKEN_MENTION)) &&
           (at == 0 || slashes || !strchr("@/\\.", f->text.p[at - 1]));
}

/* The word before `at`, a space between. */
static Str word_before(Str text, size_t at)
{
    size_t end = at && text.p[at - 1] == ' ' ? at - 1 : at, start = end;
    while (start > 0 && end - start < 16 && is_letter(text.p[start - 1]))
        start--;
    return sml_str_slice(text, start, end);
}

/* Four numbers up to 255 with stops between, no 0 in front. */
static size_t ipv4_at(Str text, size_t at, unsigned octets[4])
{
    for (int i = 0; i < 4; i++) {
        size_t start = at;
        if (i && byte_at(text, at++) != '.')
            return 0;
        start = at;
        for (octets[i] = 0; is_digit(byte_at(text, at)) && at - start < 3; at++)
            octets[i] = octets[i] * 10 + (unsigned)(text.p[at] - '0');
        if (at == start || octets[i] > 255 || (text.p[start] == '0' && at - start > 1))
            return 0;
    }
    return at;
}

static bool is_private(const unsigned o[4])
{
    static const struct {
        uint8_t first, low, high;
    } ranges[] = {{10, 0, 255}, {172, 16, 31}, {192, 168, 168}, {100, 64, 127}, {169, 254, 254}};
    for (size_t i = 0; i < COUNT(ranges); i++)
        if (o[0] == ranges[i].first && o[1] >= ranges[i].low && o[1] <= ranges[i].high)
            return true;
    return false;
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* fc00::/7 and fe80::/10: eight groups, or fewer with one "::" among them. */
static size_t ipv6_at(Str text, size_t at)
{
    unsigned groups = 0, gaps = 0, run = 0;
    char second = byte_at(text, at + 1);
    if (byte_at(text, at) != 'f' || (second != 'c' && second != 'd' && second != 'e') ||
        (second == 'e' && !strchr("89ab", byte_at(text, at + 2))))
        return 0;
    size_t end = at, i = at;
    for (; groups < 8; i++) {
        for (run = 0; run < 4 && is_hex(byte_at(text, i)); run++)
            i++;
        if (run == 0 || (groups == 0 && run != 4))
            break;
        groups++;
        end = i;
        if (byte_at(text, i) != ':')
            break;
        if (byte_at(text, i + 1) == ':') {
            gaps++;
            end = ++i + 1;
        }
    }
    return gaps <= 1 && (groups == 8 || (gaps && groups > 0)) ? end : 0;
}

static size_t ip_at(const Find *f, size_t at)
{
    unsigned octets[4];
    size_t end = ipv4_at(f->text, at, octets);
    if (!end)
        return ipv6_at(f->text, at);
    bool more = byte_at(f->text, end) == '.' && is_digit(byte_at(f->text, end + 1));
    return is_private(octets) && !more ? end : 0;
}

void sml_detect_ip(Find *f)
{
    for (size_t at = sml_detect_word(f, 0); at < f->text.len; at = sml_detect_word(f, at + 1)) {
        size_t end = ip_at(f, at);
        if (end && sml_detect_ends(f, end) && names_machine(f, at) &&
            !sml_detect_listed(word_before(f->text, at), version_words))
            sml_detect_add(f, at, end);
    }
}

/* ---- hosts ---- */

typedef struct HostRow {
    Str end;  /* of the host's name; without a stop in front, the whole name will do too */
    Str path; /* what must stand behind it */
} HostRow;

static const HostRow hosts[] = {
    {ROW(".internal"), {NULL, 0}},
    {ROW(".local"), {NULL, 0}},
    {ROW(".lan"), {NULL, 0}},
    {ROW(".corp"), {NULL, 0}},
    {ROW(".home"), {NULL, 0}},
    {ROW(".intranet"), {NULL, 0}},
    {ROW(".private"), {NULL, 0}},
    {ROW(".localdomain"), {NULL, 0}},
    {ROW(".home.arpa"), {NULL, 0}},
    {ROW(".gsi.gov.uk"), {NULL, 0}},
    {ROW(".gsx.gov.uk"), {NULL, 0}},
    {ROW(".gse.gov.uk"), {NULL, 0}},
    {ROW(".gcsx.gov.uk"), {NULL, 0}},
    {ROW(".cjsm.net"), {NULL, 0}},
    {ROW(".pnn.police.uk"), {NULL, 0}},
    {ROW(".r.mil.uk"), {NULL, 0}},
    {ROW(".sharepoint.com"), {NULL, 0}},
    {ROW(".sharepoint-df.com"), {NULL, 0}},
    {ROW(".atlassian.net"), {NULL, 0}},
    {ROW("notion.so"), {NULL, 0}},
    {ROW("teams.microsoft.com"), ROW("/l/")},
    {ROW("docs.google.com"), ROW("/document/d/")},
    {ROW("trello.com"), ROW("/c/")},
};

static bool is_host_row(const HostRow *row, Str host, Str behind)
{
    if (!sml_str_ends(host, row->end) || !sml_str_starts(behind, row->path))
        return false;
    if (row->end.p[0] == '.')
        return host.len > row->end.len;
    return host.len == row->end.len || host.p[host.len - row->end.len - 1] == '.';
}

/* "It is over.Home again": where a capital follows the stop, a space is missing, and that is all. */
static bool joins_sentences(const Find *f, size_t start, Str host)
{
    size_t last = host.len;
    while (last > 0 && host.p[last - 1] != '.')
        last--;
    return sml_detect_in_capitals(f, start + last, start + last + 1) &&
           !sml_detect_in_capitals(f, start, start + last - 1);
}

static bool is_internal(const Find *f, size_t start, size_t end)
{
    Str host = sml_str_slice(f->text, start, end);
    Str behind = sml_str_slice(f->text, end, f->text.len);
    for (size_t i = 0; i < COUNT(hosts); i++)
        if (is_host_row(&hosts[i], host, behind))
            return !joins_sentences(f, start, host);
    return false;
}

static bool is_host_byte(char c)
{
    return is_alnum(c) || c == '-' || c == '.';
}

/* The run of a name's bytes that holds `dot`, no further back than `from`; signs at its ends are the sentence's. */
static Span host_round(Str text, size_t from, size_t dot)
{
    size_t start = dot, end = dot;
    while (start > from && is_host_byte(text.p[start - 1]))
        start--;
    while (end < text.len && is_host_byte(text.p[end]))
        end++;
    while (start < end && !is_alnum(text.p[start]))
        start++;
    while (end > start && !is_alnum(text.p[end - 1]))
        end--;
    return (Span){(uint32_t)start, (uint32_t)end};
}

static bool stands_alone(const Find *f, Span host)
{
    char before = host.start ? f->text.p[host.start - 1] : '\0';
    return before != '_' && sml_token_edge(f->text, host.start) && sml_detect_ends(f, host.end) &&
           byte_at(f->text, host.end) != '@' && names_machine(f, host.start);
}

void sml_detect_host(Find *f)
{
    for (size_t at = 0, dot; (dot = sml_str_find(f->text, STR("."), at)) != SIZE_MAX;) {
        Span host = host_round(f->text, at, dot);
        if (is_internal(f, host.start, host.end) && stands_alone(f, host))
            sml_detect_add(f, host.start, host.end);
        for (at = dot; at < f->text.len && is_host_byte(f->text.p[at]);)
            at++;
    }
}
