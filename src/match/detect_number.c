/* SPDX-License-Identifier: MIT */
/*
 * Numbers of people and of their accounts. How sure a number must be depends on what it carries itself: a check digit and a
 * fixed prefix (IBAN, card) stand alone; a shape that other numbers share (ten digits, nine digits) needs a cue word near it.
 */
#include "match/detect_find.h"

#include <string.h>

static int digit(char c)
{
    return c - '0';
}

static int weighted(const char *digits, const uint8_t *weights, int n)
{
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += digit(digits[i]) * weights[i];
    return sum;
}

#define DIGITS_MAX 19

/* Digits in groups, as cards and telephones are written; groups beyond the room are left out. */
typedef struct Groups {
    char digits[DIGITS_MAX + 1];
    struct {
        uint32_t digits; /* so far, this group's with them */
        uint32_t end;
    } group[DIGITS_MAX];
    size_t n;
} Groups;

/* "(020) 7946": a bracket, a space or hyphen, a bracket. */
static size_t behind_separator(Str text, size_t at)
{
    at += byte_at(text, at) == ')';
    at += byte_at(text, at) == ' ' || byte_at(text, at) == '-';
    at += byte_at(text, at) == '(';
    return at;
}

static void read_groups(Groups *g, Str text, size_t at)
{
    uint32_t n = 0;
    memset(g, 0, sizeof *g);
    while (is_digit(byte_at(text, at))) {
        for (; is_digit(byte_at(text, at)); at++) {
            if (n == DIGITS_MAX)
                return;
            g->digits[n++] = text.p[at];
        }
        g->group[g->n].digits = n;
        g->group[g->n++].end = (uint32_t)at;
        at = behind_separator(text, at);
    }
}

static bool is_pair_of(const char *two, const char *const *list)
{
    return sml_detect_listed((Str){two, 2}, list);
}

/* ---- National Insurance ---- */

/* HMRC manual NIM39110; the second row is given to cases without a number of their own. */
static const char *const nino_unused[] = {"bg", "gb", "kn", "nk", "nt", "tn",
                                          "zz", "cr", "fy", "mw", "nc", NULL};
static const char *const nino_cues[] = {
    "ni number", "national insurance", "nino", "ni no", "ni num", "ni", NULL};

static bool is_nino(const char *got)
{
    return !strchr("dfiquv", got[0]) && !strchr("dfiquvo", got[1]) && got[8] <= 'd' &&
           !is_pair_of(got, nino_unused);
}

void sml_detect_nino(Find *f)
{
    char got[16];
    for (size_t at = sml_detect_word_by_digit(f, 0, 3); at < f->text.len;
         at = sml_detect_word_by_digit(f, at + 1, 3)) {
        size_t end = sml_detect_shape(f->text, at, "aa?99?99?99?a", got);
        if (!end || !is_nino(got) || !sml_detect_ends(f, end))
            continue;
        /* In links and handles too; there small letters are no wonder, and a cue no cue. */
        bool cue = !sml_detect_in_link(f, at) && sml_detect_cue(NULL, f, at, end, nino_cues);
        if (cue || sml_detect_in_capitals(f, at, end))
            sml_detect_add(f, at, end);
    }
}

/* ---- NHS ---- */

static const char *const nhs_cues[] = {"nhs",        "nhs number", "nhs no",
                                       "h&c number", "chi number", NULL};

static bool nhs_check(const char *got)
{
    static const uint8_t weights[] = {10, 9, 8, 7, 6, 5, 4, 3, 2};
    int check = 11 - weighted(got, weights, 9) % 11;
    return check != 10 && check % 11 == digit(got[9]) && strspn(got, "0") < 10;
}

/* 999 is kept for tests. */
static bool nhs_test(const char *got)
{
    return memcmp(got, "999", 3) == 0;
}

static bool nhs_issued(const char *got)
{
    uint64_t stem = 0;
    sml_str_uint(&stem, (Str){got, 9}, 999999999);
    return (stem >= 400000000 && stem <= 499999999) || (stem >= 600000000 && stem <= 708800001);
}

/* One number in eleven passes the check, so it must be written as such numbers are and be of a range in use, or be named. */
void sml_detect_nhs_number(Find *f)
{
    char got[16];
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        size_t end = sml_detect_number(f, at, "999?999?9999", got);
        if (!end || !nhs_check(got) || nhs_test(got))
            continue;
        if ((end - at == 12 && nhs_issued(got)) || sml_detect_cue(NULL, f, at, end, nhs_cues))
            sml_detect_add(f, at, end);
    }
}

/* ---- tax reference ---- */

static const char *const utr_cues[] = {
    "utr",     "tax reference", "taxpayer reference", "taxpayer ref",
    "tax ref", "utr number",    "tax number",         "self assessment ref",
    NULL};

static bool utr_check(const char *got)
{
    static const uint8_t weights[] = {6, 7, 8, 9, 10, 5, 4, 3, 2};
    return "21987654321"[weighted(got + 1, weights, 9) % 11] == got[0];
}

void sml_detect_utr(Find *f)
{
    static const char *const shapes[] = {"99999_99999k", "99999_99999", NULL};
    char got[16];
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        size_t end = 0;
        for (const char *const *s = shapes; !end && *s; s++)
            end = sml_detect_number(f, at, *s, got);
        if (end && utr_check(got) && sml_detect_cue(NULL, f, at, end, utr_cues))
            sml_detect_add(f, at, end);
    }
}

/* ---- passport ---- */

static const char *const passport_cues[] = {"passport", "passport's", "passports", NULL};

static int mrz_value(char c)
{
    if (is_digit(c))
        return digit(c);
    return is_letter(c) ? c - 'a' + 10 : 0;
}

/* ICAO 9303: weights 7 3 1, letters from 10, '<' counts nothing. */
static bool mrz_check(const char *field, int n)
{
    static const int weights[] = {7, 3, 1};
    int sum = 0;
    for (int i = 0; i < n; i++)
        sum += mrz_value(field[i]) * weights[i % 3];
    return is_digit(field[n]) && sum % 10 == digit(field[n]);
}

static bool mrz_byte(char c)
{
    return is_alnum(c) || c == '<';
}

/* A line has 44 bytes, but its filling ("<<<<") gets lost or grows in copying. */
#define MRZ_LEAST 30
#define MRZ_MOST  48

/* The line with the name: P<GBRDOE<<JANE<<<… */
static bool is_mrz_name(Str line)
{
    if (line.len < MRZ_LEAST || line.p[0] != 'p' || line.p[1] != '<')
        return false;
    for (size_t i = 2; i < line.len; i++)
        if (is_digit(line.p[i]) || (i < 5 && line.p[i] == '<'))
            return false;
    return sml_str_find(line, STR("<<"), 5) != SIZE_MAX;
}

/* The line with the numbers: 9 of the passport, 3 letters, date of birth, sex, last day, each number with its check. */
static bool is_mrz_numbers(Str line)
{
    return line.len >= 28 && mrz_check(line.p, 9) && mrz_check(line.p + 13, 6) &&
           mrz_check(line.p + 21, 6) && strchr("mfx<", line.p[20]);
}

static size_t mrz_end(Str text, size_t at)
{
    size_t end = at;
    while (end < text.len && end - at <= MRZ_MOST && mrz_byte(text.p[end]))
        end++;
    Str line = sml_str_slice(text, at, end);
    return line.len <= MRZ_MOST && (is_mrz_name(line) || is_mrz_numbers(line)) ? end : 0;
}

/* With its cue, so that a reader sees why nine digits are a finding. */
static void add_passport(Find *f, size_t at, size_t end)
{
    Span cue;
    if (!sml_detect_cue(&cue, f, at, end, passport_cues))
        return;
    sml_detect_add(f, cue.start < at ? cue.start : at, cue.end > end ? cue.end : end);
}

/* A passport's lines begin anyhow but hold a '<'; without one in the text only numbers are looked at. */
void sml_detect_passport(Find *f)
{
    char got[16];
    bool lines = sml_str_find(f->text, STR("<"), 0) != SIZE_MAX;
    size_t (*next)(const Find *f, size_t at) = lines ? sml_detect_word : sml_detect_digit;
    for (size_t at = next(f, 0), end; at < f->text.len; at = next(f, at + 1)) {
        if ((end = sml_detect_number(f, at, "999999999", got)))
            add_passport(f, at, end);
        else if (lines && (end = mrz_end(f->text, at)))
            sml_detect_add(f, at, end);
    }
}

/* ---- driving licence ---- */

/* Those of Northern Ireland: eight digits that check nothing. */
static const char *const licence_cues[] = {"driving licence",  "driving license", "driver number",
                                           "driver's licence", "driver licence",  NULL};

static bool between(const char *two, int low, int high)
{
    int n = digit(two[0]) * 10 + digit(two[1]);
    return n >= low && n <= high;
}

/* MORGA 657054 SM9IJ: surname filled up with 9s, decade, month (women: + 50), day, year, initials, digit, check letters. */
static bool is_licence(const char *got)
{
    size_t letters = 0;
    while (letters < 5 && is_letter(got[letters]))
        letters++;
    return letters + strspn(got + letters, "9") >= 5 &&
           (between(got + 6, 1, 12) || between(got + 6, 51, 62)) && between(got + 8, 1, 31) &&
           (is_letter(got[12]) || got[12] == '9');
}

static size_t licence_at(const Find *f, size_t at)
{
    char got[20];
    size_t end = sml_detect_shape(f->text, at, "axxxx_999999_axxaa", got);
    if (end && is_licence(got) && sml_detect_ends(f, end))
        return end;
    end = sml_detect_number(f, at, "99999999", got);
    return end && sml_detect_cue(NULL, f, at, end, licence_cues) ? end : 0;
}

void sml_detect_driving_licence(Find *f)
{
    for (size_t at = sml_detect_word_by_digit(f, 0, 6); at < f->text.len;
         at = sml_detect_word_by_digit(f, at + 1, 6)) {
        size_t end = licence_at(f, at);
        if (end)
            sml_detect_add(f, at, end);
    }
}

/* ---- payment card ---- */

#define LEN(n) (1u << (n))

typedef struct CardRange {
    uint16_t low, high; /* first four digits */
    uint32_t lengths;
} CardRange;

#define LONG_16 (LEN(16) | LEN(17) | LEN(18) | LEN(19))
#define LONG_14 (LEN(14) | LEN(15) | LONG_16)
#define LONG_12 (LEN(12) | LEN(13) | LONG_14)

static const CardRange card_ranges[] = {
    {4000, 4999, LEN(13) | LEN(16) | LEN(19)}, /* Visa */
    {5100, 5599, LEN(16)},                     /* Mastercard */
    {2221, 2720, LEN(16)},
    {3400, 3499, LEN(15)}, /* American Express */
    {3700, 3799, LEN(15)},
    {6011, 6011, LONG_16}, /* Discover */
    {6440, 6599, LONG_16},
    {3528, 3589, LONG_16}, /* JCB */
    {3000, 3059, LONG_14}, /* Diners */
    {3600, 3699, LONG_14},
    {3800, 3999, LONG_14},
    {6200, 6299, LONG_16}, /* UnionPay */
    {5000, 5099, LONG_12}, /* Maestro */
    {5600, 6999, LONG_12},
};

static bool luhn(const char *digits, size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++) {
        int d = digit(digits[n - 1 - i]);
        sum += i % 2 == 0 ? d : d * 2 - (d > 4 ? 9 : 0);
    }
    return sum % 10 == 0;
}

static bool is_card(const char *digits, size_t n)
{
    uint64_t four = 0;
    sml_str_uint(&four, (Str){digits, 4}, 9999);
    for (size_t i = 0; i < sizeof card_ranges / sizeof *card_ranges; i++)
        if (four >= card_ranges[i].low && four <= card_ranges[i].high &&
            (card_ranges[i].lengths & LEN(n)))
            return luhn(digits, n);
    return false;
}

/* Cards are written in one run or begin with a group of four; what stands behind one ("123") may look like more of it. */
static size_t card_at(const Find *f, size_t at)
{
    Groups g;
    size_t end = 0;
    read_groups(&g, f->text, at);
    for (size_t i = 0; i < g.n && (i == 0 || g.group[0].digits == 4); i++)
        if (g.group[i].digits >= 12 && is_card(g.digits, g.group[i].digits) &&
            sml_detect_ends(f, g.group[i].end))
            end = g.group[i].end;
    return end;
}

void sml_detect_payment_card(Find *f)
{
    char four[8];
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        if (!sml_detect_shape(f->text, at, "9999", four) || (at && f->text.p[at - 1] == '+'))
            continue;
        size_t end = card_at(f, at);
        if (end && !sml_detect_in_link(f, at))
            sml_detect_add(f, at, end);
    }
}

/* ---- bank account ---- */

#define ACCOUNT_NEAR 60

static const char *const sort_cues[] = {"sort code", "sortcode", "sort-code", "a/c", NULL};

/* An eight-digit number that begins in [from, to), or an empty span. */
static Span account_within(const Find *f, size_t from, size_t to)
{
    char got[16];
    for (size_t at = sml_detect_digit(f, from); at < to && at < f->text.len;
         at = sml_detect_digit(f, at + 1)) {
        size_t end = sml_detect_number(f, at, "9999_9999", got);
        if (end)
            return (Span){(uint32_t)at, (uint32_t)end};
    }
    return (Span){0, 0};
}

/* The account belongs to the finding: behind the sort code, else before it. */
static void add_account(Find *f, size_t at, size_t end, bool named)
{
    size_t low = at > ACCOUNT_NEAR ? at - ACCOUNT_NEAR : 0;
    if (f->out->n && low < VEC_LAST(f->out).end)
        low = VEC_LAST(f->out).end;
    Span account = account_within(f, end, end + ACCOUNT_NEAR);
    if (account.end == 0)
        account = account_within(f, low, at);
    if (account.end == 0 && !named)
        return;
    if (account.end) {
        at = account.start < at ? account.start : at;
        end = account.end > end ? account.end : end;
    }
    sml_detect_add(f, at, end);
}

/* Spaces and nothing between the digits also make dates and counts: those need the name. */
void sml_detect_bank_account(Find *f)
{
    char got[16];
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        size_t end = sml_detect_number(f, at, "99?99?99", got);
        if (!end)
            continue;
        bool hyphens = end - at == 8 && f->text.p[at + 2] == '-' && f->text.p[at + 5] == '-';
        bool named = sml_detect_cue(NULL, f, at, end, sort_cues);
        if (hyphens || named)
            add_account(f, at, end, named);
    }
}

/* ---- IBAN ---- */

#define IBAN_MAX 34

typedef struct IbanCountry {
    char code[3];
    uint8_t length;
} IbanCountry;

static const IbanCountry iban_countries[] = {
    {"ad", 24}, {"at", 20}, {"be", 16}, {"bg", 22}, {"ch", 21}, {"cy", 28}, {"cz", 24}, {"de", 22},
    {"dk", 18}, {"ee", 20}, {"es", 24}, {"fi", 18}, {"fr", 27}, {"gb", 22}, {"gi", 23}, {"gr", 27},
    {"hr", 21}, {"hu", 28}, {"ie", 22}, {"is", 26}, {"it", 27}, {"li", 21}, {"lt", 20}, {"lu", 20},
    {"lv", 21}, {"mc", 27}, {"mt", 31}, {"nl", 18}, {"no", 15}, {"pl", 28}, {"pt", 25}, {"ro", 24},
    {"se", 24}, {"si", 19}, {"sk", 24}, {"sm", 27}, {"tr", 26}, {"ua", 29},
};

static size_t iban_length(const char *code)
{
    for (size_t i = 0; i < sizeof iban_countries / sizeof *iban_countries; i++)
        if (memcmp(code, iban_countries[i].code, 2) == 0)
            return iban_countries[i].length;
    return 0;
}

/* ISO 13616: the first four go to the end, letters count from 10, and 97 leaves 1. */
static bool iban_check(const char *got, size_t n)
{
    unsigned rest = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned value = (unsigned)mrz_value(got[(i + 4) % n]);
        rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
}

static size_t iban_at(const Find *f, size_t at)
{
    char got[IBAN_MAX];
    size_t n = 0, length = iban_length(f->text.p + at);
    for (; n < length; at++) {
        char c = byte_at(f->text, at);
        if (c == ' ' && n >= 4)
            c = byte_at(f->text, ++at);
        if (!is_alnum(c))
            return 0;
        got[n++] = c;
    }
    return length && iban_check(got, n) && sml_detect_ends(f, at) ? at : 0;
}

void sml_detect_iban(Find *f)
{
    char four[8];
    for (size_t at = sml_detect_word_by_digit(f, 0, 2); at < f->text.len;
         at = sml_detect_word_by_digit(f, at + 1, 2)) {
        size_t end = sml_detect_shape(f->text, at, "aa99", four) ? iban_at(f, at) : 0;
        if (end)
            sml_detect_add(f, at, end);
    }
}

/* ---- telephone ---- */

/* Ofcom's numbers for drama, without the 0 in front; the last three digits are free. */
static const char *const drama[] = {"1134960", "1144960", "1154960", "1164960", "1174960",
                                    "1184960", "1214960", "1314960", "1414960", "1514960",
                                    "1614960", "2079460", "1914980", "2896496", "2890180",
                                    "2920180", "1632960", "7700900", NULL};

/* Mobiles and places. 03, 08 and 09 are service lines; 070 and 076 forward and page. */
static bool is_private_line(const char *n)
{
    static const struct {
        char first;
        const char *second;
    } plan[] = {{'1', "123456789"}, {'2', "03489"}, {'7', "12345789"}};
    for (size_t i = 0; i < sizeof plan / sizeof *plan; i++)
        if (n[0] == plan[i].first)
            return strchr(plan[i].second, n[1]) && !sml_detect_listed((Str){n, 7}, drama);
    return false;
}

/* Behind +44, 0044 or 0, or 0 where none stands at `at`. */
static size_t behind_prefix(const Find *f, size_t at)
{
    static const char *const shapes[] = {"0044?(0)_", "0044?", "44?(0)_", "44?", "0", NULL};
    bool plus = at && f->text.p[at - 1] == '+';
    char got[8];
    for (const char *const *s = shapes; *s; s++) {
        size_t end = sml_detect_shape(f->text, at, *s, got);
        if (end && plus == (**s == '4'))
            return end;
    }
    return 0;
}

/* A first group of two, with its 0, is a date's ("01-02-2026 10"); nine digits in one run are some other number. */
static size_t phone_at(const Find *f, size_t at)
{
    Groups g;
    size_t from = behind_prefix(f, at), end = 0;
    if (from == 0)
        return 0;
    read_groups(&g, f->text, from + (byte_at(f->text, from) == '('));
    if (g.n == 0 || g.group[0].digits < 2 || !is_private_line(g.digits))
        return 0;
    for (size_t i = 0; i < g.n; i++)
        if ((g.group[i].digits == 10 || (g.group[i].digits == 9 && i && g.digits[0] == '1')) &&
            sml_detect_number_ends(f, g.group[i].end))
            end = g.group[i].end;
    return end;
}

void sml_detect_phone(Find *f)
{
    for (size_t at = sml_detect_digit(f, 0); at < f->text.len; at = sml_detect_digit(f, at + 1)) {
        char first = f->text.p[at];
        size_t end = first == '0' || first == '4' ? phone_at(f, at) : 0;
        if (!end || sml_detect_in_link(f, at))
            continue;
        bool opened = at && (f->text.p[at - 1] == '+' || f->text.p[at - 1] == '(');
        sml_detect_add(f, at - opened, end);
    }
}
