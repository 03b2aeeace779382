/* SPDX-License-Identifier: MIT */
/*
 * Keys and tokens of computer services. Capitals matter, so the original is read. A key is a known prefix and then so many
 * bytes of one class; what is too regular to be one (the examples in manuals) is left alone.
 *
 * Formats after gitleaks' rules (MIT licence, Zachary Rice).
 */
#include "match/detect_find.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof *(table))
#define TEXT(s)                                                                                    \
    {                                                                                              \
        s, sizeof(s) - 1                                                                           \
    }

enum {
    CAPITAL = 1,
    SMALL = 2,
    DIGIT = 4,
    HEX = 8, /* a-f; digits come with DIGIT */
    BASE32 = 16,
    DASH = 32, /* - _ */
    STOP = 64,
    BASE64 = 128, /* + / */
    EQUALS = 256,
    PERCENT = 512
};
#define ALNUM    (CAPITAL | SMALL | DIGIT)
#define HEXADEC  (HEX | DIGIT)
#define ANY_KEY  (ALNUM | DASH)
#define LONGEST  1000 /* no key is; what goes on beyond is some other thing */
#define KEY_RUN  20   /* shortest run without white space that can hold a key */
#define DISTINCT 6    /* different bytes that a random key has at least */

typedef struct KeyRow {
    Str prefix;
    unsigned bytes; /* of the rest */
    uint16_t low, high;
} KeyRow;

static const KeyRow keys[] = {
    {TEXT("sk-ant-api03-"), ANY_KEY, 93, 97},
    {TEXT("AKIA"), BASE32, 16, 16},
    {TEXT("ASIA"), BASE32, 16, 16},
    {TEXT("ABIA"), BASE32, 16, 16},
    {TEXT("ACCA"), BASE32, 16, 16},
    {TEXT("A3T"), CAPITAL | DIGIT, 17, 17},
    {TEXT("dapi"), HEXADEC | DASH, 32, 34},
    {TEXT("dop_v1_"), HEXADEC, 64, 64},
    {TEXT("EAAM"), ALNUM, 100, LONGEST},
    {TEXT("EAAC"), ALNUM, 100, LONGEST},
    {TEXT("AIza"), ANY_KEY, 35, 35},
    {TEXT("github_pat_"), ANY_KEY, 82, 82},
    {TEXT("ghp_"), ALNUM, 36, 36},
    {TEXT("gho_"), ALNUM, 36, 36},
    {TEXT("ghs_"), ALNUM, 36, 36},
    {TEXT("ghu_"), ALNUM, 36, 36},
    {TEXT("ghr_"), ALNUM, 36, 76},
    {TEXT("glpat-"), ANY_KEY, 20, 20},
    {TEXT("live_"), ANY_KEY | EQUALS, 40, 40}, /* GoCardless */
    {TEXT("hf_"), CAPITAL | SMALL, 34, 34},
    {TEXT("npm_"), ALNUM, 36, 36},
    {TEXT("sk-proj-"), ANY_KEY, 58, LONGEST},
    {TEXT("sk-svcacct-"), ANY_KEY, 58, LONGEST},
    {TEXT("sk-admin-"), ANY_KEY, 58, LONGEST},
    {TEXT("sk-"), ALNUM, 48, 48},
    {TEXT("SG."), ANY_KEY | STOP | EQUALS, 66, 66},
    {TEXT("shpat_"), HEXADEC | CAPITAL, 32, 32},
    {TEXT("xoxb-"), ALNUM | DASH, 21, 255},
    {TEXT("xoxp-"), ALNUM | DASH, 21, 255},
    {TEXT("hooks.slack.com/services/"), ALNUM | BASE64, 43, 56},
    {TEXT("hooks.slack.com/workflows/"), ALNUM | BASE64, 43, 56},
    {TEXT("hooks.slack.com/triggers/"), ALNUM | BASE64, 43, 56},
    {TEXT("sq0atp-"), ANY_KEY, 22, 60},
    {TEXT("EAAA"), ANY_KEY, 22, 60},
    {TEXT("sk_live_"), ALNUM, 10, 99},
    {TEXT("sk_test_"), ALNUM, 10, 99},
    {TEXT("sk_prod_"), ALNUM, 10, 99},
    {TEXT("rk_live_"), ALNUM, 10, 99},
    {TEXT("rk_test_"), ALNUM, 10, 99},
    {TEXT("rk_prod_"), ALNUM, 10, 99},
    {TEXT("SK"), HEXADEC | CAPITAL, 32, 32},                    /* Twilio */
    {TEXT("AAAAAAAAAAAAAAAAAAAAAA"), ALNUM | PERCENT, 80, 100}, /* X, bearer */
};

static bool in_class(char c, unsigned bytes)
{
    if (is_digit(c))
        return (bytes & DIGIT) || ((bytes & BASE32) && c >= '2' && c <= '7');
    if (c >= 'a' && c <= 'z')
        return (bytes & SMALL) || ((bytes & HEX) && c <= 'f');
    if (c >= 'A' && c <= 'Z')
        return bytes & (CAPITAL | BASE32);
    static const struct {
        char c;
        unsigned of;
    } signs[] = {{'-', DASH},   {'_', DASH},   {'.', STOP},   {'+', BASE64},
                 {'/', BASE64}, {'=', EQUALS}, {'%', PERCENT}};
    for (size_t i = 0; i < COUNT(signs); i++)
        if (c == signs[i].c)
            return bytes & signs[i].of;
    return false;
}

/* The run of a class from `at`, cut above `most`; a stop at its end is the sentence's. */
static size_t run_of(Str s, size_t at, unsigned bytes, size_t most)
{
    size_t end = at;
    while (end < s.len && end - at <= most && in_class(s.p[end], bytes))
        end++;
    while (end > at && s.p[end - 1] == '.')
        end--;
    return end;
}

/* Documentation: AKIA…EXAMPLE, XXXXXXXX. */
static bool is_placeholder(Str body)
{
    uint64_t seen[4] = {0};
    unsigned distinct = 0;
    for (size_t i = 0; i < body.len; i++) {
        unsigned char c = (unsigned char)body.p[i];
        uint64_t bit = UINT64_C(1) << (c & 63);
        distinct += !(seen[c >> 6] & bit);
        seen[c >> 6] |= bit;
    }
    return distinct < DISTINCT || sml_str_ends(body, STR("EXAMPLE"));
}

static bool begins(Str s, size_t at, Str prefix)
{
    return s.len - at >= prefix.len && memcmp(s.p + at, prefix.p, prefix.len) == 0;
}

/* A key behind a prefix of the table, or 0. */
static size_t prefixed_key(Str s, size_t at)
{
    for (size_t i = 0; i < COUNT(keys); i++) {
        const KeyRow *row = &keys[i];
        if (s.p[at] != row->prefix.p[0] || !begins(s, at, row->prefix))
            continue;
        size_t body = at + row->prefix.len, end = run_of(s, body, row->bytes, row->high);
        if (end - body >= row->low && end - body <= row->high && !is_alnum(byte_at(s, end)) &&
            !is_placeholder(sml_str_slice(s, body, end)))
            return end;
    }
    return 0;
}

/* Three parts with stops between; the first two are JSON in base 64, which begins so. */
static size_t web_token(Str s, size_t at)
{
    /* Every run is tried once only, however many hyphens it has. */
    if (at > 0 && in_class(s.p[at - 1], ANY_KEY))
        return 0;
    for (int part = 0; part < 3; part++) {
        if (part < 2 && !begins(s, at, STR("ey")))
            return 0;
        size_t end = run_of(s, at, ANY_KEY, LONGEST);
        if (end - at < (part < 2 ? 19 : 10))
            return 0;
        if (part == 2)
            return end;
        if (byte_at(s, end) != '.')
            return 0;
        at = end + 1;
    }
    return 0;
}

/* Azure: three bytes, a digit, "Q~", then 31 to 34. */
static size_t azure_secret(Str s, size_t at)
{
    if (s.len - at < 6 || !is_digit(s.p[at + 3]) || s.p[at + 4] != 'Q' || s.p[at + 5] != '~')
        return 0;
    size_t end = at + 6;
    while (end < s.len && end - at <= 41 && (in_class(s.p[end], ANY_KEY | STOP) || s.p[end] == '~'))
        end++;
    while (byte_at(s, end - 1) == '.')
        end--;
    return end - at >= 37 && end - at <= 40 ? end : 0;
}

/* Digits, a sign, then letters: Telegram 123456:A…, Facebook 123456789012345|…, Mailchimp (hex)-us12. */
static size_t numbered_key(Str s, size_t at)
{
    size_t hex = run_of(s, at, HEXADEC, 32);
    if (hex - at == 32 && begins(s, hex, STR("-us")) && is_digit(byte_at(s, hex + 3)))
        return run_of(s, hex + 3, DIGIT, 2);
    size_t digits = run_of(s, at, DIGIT, 25), n = digits - at;
    char sign = byte_at(s, digits);
    if (n < 5 || n > 16 || !sign || !strchr(":|%", sign))
        return 0;
    size_t end = run_of(s, digits + 1, ANY_KEY, 40), rest = end - digits - 1;
    bool telegram = sign == ':' && byte_at(s, digits + 1) == 'A' && rest == 35;
    bool facebook = sign != ':' && n >= 15 && rest >= 27 && rest <= 40;
    return telegram || facebook ? end : 0;
}

/* X: user number, hyphen, 40 bytes. */
static size_t user_token(Str s, size_t at)
{
    size_t digits = run_of(s, at, DIGIT, 25);
    if (digits - at < 15 || digits - at > 25 || byte_at(s, digits) != '-')
        return 0;
    size_t end = run_of(s, digits + 1, ALNUM, 40);
    return end - digits - 1 == 40 ? end : 0;
}

/* A Teams address with the key of a channel in it. */
static size_t teams_hook(Str s, size_t at)
{
    Str name = STR(".webhook.office.com/webhookb2/");
    size_t host = run_of(s, at, SMALL | DIGIT, 63);
    if (host == at || host - at > 63 || !begins(s, host, name))
        return 0;
    size_t end = host + name.len;
    while (end < s.len && end - host < 400 &&
           (in_class(s.p[end], ANY_KEY | BASE64) || s.p[end] == '@'))
        end++;
    return end - host > 120 ? end : 0;
}

static size_t key_at(Str s, size_t at)
{
    static size_t (*const forms[])(Str, size_t) = {prefixed_key, web_token,  azure_secret,
                                                   numbered_key, user_token, teams_hook};
    for (size_t i = 0; i < COUNT(forms); i++) {
        size_t end = forms[i](s, at);
        if (end)
            return end;
    }
    return 0;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Keys inside one run of bytes without white space. Behind a key the search goes on at its end. */
static void search_run(Find *f, Str run, size_t from)
{
    for (size_t i = 0; i + 4 < run.len;) {
        bool begins_word = is_alnum(run.p[i]) && (i == 0 || !is_alnum(run.p[i - 1]));
        size_t end = begins_word && (i == 0 || run.p[i - 1] != '_') ? key_at(run, i) : 0;
        if (end)
            sml_detect_add_original(f, from + i, from + end);
        i = end ? end : i + 1;
    }
}

#define KEY_BLOCK_MIN 64
#define KEY_NAME_MAX  120

/* End of what stands from -----BEGIN (…) PRIVATE KEY----- to -----END (…)KEY-----, or 0. `*closing` is the last place where
 * an -----END was found: many openings without one must not each search the rest of the text. */
static size_t block_at(Str s, size_t at, size_t *closing)
{
    if (!begins(s, at, STR("-----BEGIN")))
        return 0;
    size_t end = at + 10;
    while (end < s.len && end - at < KEY_NAME_MAX &&
           (in_class(s.p[end], CAPITAL | DIGIT) || s.p[end] == ' ' || s.p[end] == '_'))
        end++;
    if (sml_str_find(sml_str_slice(s, at, end), STR("PRIVATE KEY"), 0) == SIZE_MAX)
        return 0;
    if (*closing < end)
        *closing = sml_str_find(s, STR("-----END"), end);
    if (*closing == SIZE_MAX || *closing - end < KEY_BLOCK_MIN)
        return 0;
    Str last = sml_str_slice(s, *closing, *closing + KEY_NAME_MAX);
    size_t stop = sml_str_find(last, STR("KEY-----"), 0);
    return stop == SIZE_MAX ? 0 : *closing + stop + 8;
}

void sml_detect_secret_key(Find *f)
{
    Str s = f->d->original;
    size_t closing = 0;
    for (size_t i = 0, end; i < s.len; i = end + 1) {
        end = block_at(s, i, &closing);
        if (end) {
            sml_detect_add_original(f, i, end);
            continue;
        }
        for (end = i; end < s.len && !is_blank(s.p[end]); end++)
            ;
        if (end - i >= KEY_RUN)
            search_run(f, sml_str_slice(s, i, end), i);
    }
}
