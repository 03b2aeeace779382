/* SPDX-License-Identifier: MIT */
/* Detectors against texts in which [[ ]] marks what must be found, and nothing else. Numbers are official test values, or made up. */
#include "match/detect.h"
#include "match/features.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

typedef struct Case {
    const char *detector, *text;
} Case;

/* The text without its brackets, and where they stood. */
static void read_marks(Buf *text, Span *marks, uint32_t *n, const char *marked)
{
    *n = 0;
    for (const char *p = marked; *p; p++) {
        if (p[0] == '[' && p[1] == '[') {
            assert_true(*n < 16);
            marks[*n].start = (uint32_t)text->len;
            p++;
        } else if (p[0] == ']' && p[1] == ']') {
            marks[(*n)++].end = (uint32_t)text->len;
            p++;
        } else {
            sml_buf_addc(text, *p);
        }
    }
}

static Spans run(Norm *norm, Str text, const char *detector, Arena *a)
{
    Tokens tokens;
    Spans spans = {0};
    uint32_t id = sml_detect_find(sml_str_from(detector));
    if (id == DETECTOR_COUNT)
        fail_msg("no detector is called %s", detector);
    sml_norm_apply(norm, text, FOLD_ALL, a);
    sml_token_scan(&tokens, norm, text, a);
    Detection d = {.original = text, .norm = norm, .tokens = &tokens, .has = ~0U};
    sml_detect_run(&spans, id, &d, a);
    return spans;
}

/* A detector must be let run where it finds something. */
static void check_features(const char *detector, Str text, const Norm *norm)
{
    unsigned needs = sml_detect_features(sml_detect_find(sml_str_from(detector)));
    if (((sml_features(text) | sml_features(norm->text)) & needs) != needs)
        fail_msg("%s would not run on: %.*s", detector, STR_ARG(text));
}

static void check(const Case *c)
{
    Arena *a = sml_arena_new();
    Buf text = {0};
    Span marks[16];
    uint32_t n;
    Norm norm;
    read_marks(&text, marks, &n, c->text);
    Spans found = run(&norm, sml_buf_str(&text), c->detector, a);
    if (found.n != n)
        fail_msg("%s finds %u places, not %u, in: %s", c->detector, found.n, n, c->text);
    for (uint32_t i = 0; i < n; i++) {
        Span s = sml_norm_span(&norm, found.v[i].start, found.v[i].end);
        if (s.start != marks[i].start || s.end != marks[i].end)
            fail_msg("%s finds \"%.*s\" in: %s", c->detector, (int)(s.end - s.start),
                     text.p + s.start, c->text);
    }
    if (n)
        check_features(c->detector, sml_buf_str(&text), &norm);
    sml_buf_free(&text);
    sml_arena_free(a);
}

#define ALL_OF(cases)                                                                              \
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)                                      \
    check(&cases[i])

static void test_person_numbers(void **state)
{
    static const Case cases[] = {
        {"nino", "It says [[AB 12 34 56 C]] on the letter"},
        {"nino", "Yours is [[JG103759A]], found it! [[JG-10-37-59-A]]"},
        {"nino", "My NI number is [[jg103759a]]."},
        {"nino", "[[JG\u00a010 37 59\u200b A]]"},
        {"nino", "model jg103759a; QQ123456C; QQ 12 34 56 A; GB123456A; AO123456C; AB123456E"},
        {"nino", "AB1234567C XAB123456C https://example.gov.uk/ab123456c CR123456C"},
        {"nino", "https://example.gov.uk/?n=[[AB123456C]] and @[[AB123456C]] and #[[AB123456C]]"},
        {"nino", "[[A B 1 2 3 4 5 6 C]], my NI number is [[a-b-1-2-3-4-5-6-c]]. A B 1 2 3 4 5 6 E"},
        {"nino", "1 2 3 4 5 6 7 8 9 10 off we go; it has a 1 2 3 4 5 6 d"},
        {"nhs-number", "https://example.com/?nhs=[[4505577104]] https://nhs.uk/?x=4505577104"},
        {"nhs-number", "NHS no. [[4 5 0 5 5 7 7 1 0 4]], it is a [[4 5 0 5 5 7 7 1 0 4]] NHS"},
        {"payment-card", "[[4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1]] or [[4111 1111 1111 1111]]"},
        {"payment-card",
         "https://x.com/a/status/4111111111111111 https://x.com/?card=[[4111111111111111]]"},
        {"iban", "https://example.com/?to=[[GB82WEST12345698765432]] [[G B 8 2 W E S T 1 2 3 4 5 6 "
                 "9 8 7 6 5 4 3 2]]"},
        {"phone", "Ring [[0 7 1 2 3 4 5 6 7 8 9]] or 0 8 0 0 1 2 3 4 5 6 7"},
        {"nhs-number", "Ring the ward quoting [[450 557 7104]]"},
        {"nhs-number", "Her NHS number is [[943 476 5919]] or NHS [[4505577104]]"},
        {"nhs-number", "450 557 7105, 4505577104, 000 000 0000, 020 794 6000, 943 476 5919"},
        {"nhs-number", "NHS 999 000 0018 is for tests; NHS 000 000 0000"},
        {"utr", "His UTR is [[1123456789]], or tax reference [[32824 97350K]]"},
        {"utr", "UTR 2123456789; and neutral 1123456780"},
        {"utr", "Call 1123456789"},
        {"passport", "[[Passport number 925665416]] is still stuck"},
        {"passport", "And [[925665416 is my passport]]!"},
        {"passport", "Number 925665416"},
        {"passport", "passport fees brought in 925,665,416 pounds"},
        {"passport", "[[P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<]]\n"
                     "[[L898902C36UTO7408122F1204159ZE184226B<<<<<10]]"},
        {"passport", "L898902C35UTO7408122F1204159ZE184226B<<<<<10"},
        {"driving-licence", "[[MORGA 657054 SM9IJ]] and [[morga657054sm9ij]]"},
        {"driving-licence", "MORGA 657354 SM9IJ, MORGA 613054 SM9IJ, M9RGA 657054 SM9IJ"},
        {"driving-licence", "driver number [[12345678]]"},
        {"driving-licence", "SMITH 800101 or 12345678"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_money_numbers(void **state)
{
    static const Case cases[] = {
        {"payment-card", "Card is [[4111 1111 1111 1111]], exp 12/29"},
        {"payment-card", "[[4242424242424242]] [[378282246310005]] [[3782-822463-10005]]"},
        {"payment-card", "[[5555 5555 5555 4444]] 123"},
        {"payment-card", "[[2223003122003222]], [[3056 930009 0200 04]], [[6011111111111117]]"},
        {"payment-card", "4111 1111 1111 1112; 0000 0000 0000 0000; ISBN 978-0-14-103614-4"},
        {"payment-card", "https://x.com/example/status/4242424242424242"},
        {"payment-card", "id 42424242424242424242424242; v4242424242424242"},
        {"bank-account", "Send it to sort code [[20-00-00 account 55779911]]"},
        {"bank-account", "Sort code: [[10-88-00, a/c 00012345]]"},
        {"bank-account", "[[55779911 at 20-00-00]] please"},
        {"bank-account", "sort code [[200000]]"},
        {"bank-account", "20-11-26, 01-02-03, 10 11 12, version 10-20-30"},
        {"bank-account", "On 10 11 12 ring 55779911"},
        {"iban", "[[GB82 WEST 1234 5698 7654 32]] and [[GB21TEST00000012345678]]"},
        {"iban", "[[DE89 3704 0044 0532 0130 00]] is German"},
        {"iban", "GB83WEST12345698765432, GB82 WEST 1234, VAT GB123456789"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_contacts(void **state)
{
    static const Case cases[] = {
        {"phone", "[[07123 456789]], [[+44 7123 456789]], [[07123456789]], [[+44 (0)7123 456789]]"},
        {"phone", "[[0044 7123 456789]] [[(020 7111 2222]] [[01204 12345]] [[(020) 7111 2222]]"},
        {"phone", "07700 900461, +44 7700 900123, (020) 7946 0018, 01632 960123, 0808 157 0123"},
        {"phone", "0300 123 4567, 101, 111, 999, 116 123, 0800 11 11, 0345 123 4567"},
        {"phone", "01/02/2026, 01-02-2026 10:30, 10.30, 1000000, 2026-27, 07000 123456"},
        {"phone", "ref 0712345678901; https://example.org/07123456789; 0123456789"},
        {"email", "Ask [[jane.doe@fictional.gov.uk]] or [[j.doe1@fictional.gov.uk]]"},
        {"email", "[[jo.fennel88@gmail.com]], [[fennel@gmail.com]]."},
        {"email", "press@a.gov.uk foi-requests@a.gov.uk press.office@a.gov.uk bins@a.gov.uk"},
        {"email", "jane.doe@example.com, jane.doe@mail.test, @jane.doe@mastodon.example"},
        {"postcode", "[[SW1A 1AA]] [[EC1A 1BB]] [[M1 1AE]] [[B33 8TH]] [[DN55 1PT]] [[W1A0AX]]"},
        {"postcode", "[[GIR 0AA]]"},
        {"postcode", "M25 7AM, A1 5PM, M1 4th, HS2 1st, ZZ99 3CZ, QQ1 1QQ, BFPO 801, AB1 2CD"},
        {"postcode", "sw1a 1aa"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_machines(void **state)
{
    static const Case cases[] = {
        {"ip", "The printer is at [[10.20.31.7]], be my guest"},
        {"ip", "[[192.168.10.20]]. [[172.16.5.4]]/24 http://[[10.1.2.3]]/admin"},
        {"ip", "[[fe80::1]] and [[fd12:3456:789a:1::1]]"},
        {"ip", "192.0.2.1, 198.51.100.7, 203.0.113.9, 2001:db8::1, version 10.15.7, 256.1.2.3"},
        {"ip", "10.2.3.4.5, section 10.2.1.4, 172.32.0.1, 8.8.8.8, 010.1.2.3, face::1 feed"},
        {"ip", "https://example.org/10.1.2.3"},
        {"host", "Log in on [[payroll01.corp.internal]] for yours"},
        {"host", "https://[[intranet.internal]]/page http://[[server01.dept.gsi.gov.uk]]"},
        {"host", "https://[[example.sharepoint.com]]/sites/x and [[docs.google.com]]/document/d/1"},
        {"host", "internal review, https://www.local.gov.uk/ https://www.gov.uk/ docs.google.com"},
        {"host", "It is over.Home again. jane@mail.dept.gsi.gov.uk and.internally"},
        {"host", "https://example.org/a.local notnotion.so"},
    };
    (void)state;
    ALL_OF(cases);
}

/* Keys are written in pieces, for hosts of repositories refuse anything that looks like one. */
static void test_keys(void **state)
{
    static const Case cases[] = {
        {"secret-key", "Deploy with [["
                       "AKIA"
                       "Q3EGRIVTHZJ2DNKX]] if I am away"},
        {"secret-key", "token is [[gh"
                       "p_9fK2mQx7Lw4RzT1bVnC8sYdHa5JgEu3PoIq0]]."},
        {"secret-key", "https://pay.example/?key=[[sk"
                       "_live_a1B2c3D4e5F6g7H8i9J0k1L2]]&x=1"},
        {"secret-key", "\u00e9 [[-----BEGIN "
                       "PRIVATE KEY-----\nMIIBA1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2C3d4A1b2"
                       "C3d4\n-----END PRIVATE KEY-----]]"},
        {"secret-key", "[[ey"
                       "JhbGciOiJIUzI1NiJ9abc.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijKLMN]]"},
        {"secret-key", "telegram [[123456789"
                       ":AAbcdefghijklmnopqrstuvwxyz12345678]]"},
        {"secret-key", "AKIA"
                       "IOSFODNN7EXAMPLE"},
        {"secret-key", "https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXXXXXX"
                       "XXXXXXXX"},
        {"secret-key", "#SkyNews and a sk-ater; eyJ is how a token starts; AKIA"},
        {"secret-key", "-----BEGIN PUBLIC KEY-----"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_markings(void **state)
{
    static const Case cases[] = {
        {"marking", "[[OFFICIAL-SENSITIVE]]: slides from this morning attached"},
        {"marking", "It says [[TOP SECRET]] but it is only a lunch menu"},
        {"marking", "[[OFFICIAL \u2013 SENSITIVE: COMMERCIAL]]\nText"},
        {"marking", "a ([[OFFICIAL PERSONAL DATA]]) b"},
        {"marking", "Text\n[[TOP SECRET UK EYES ONLY]]\nmore"},
        {"marking", "[[SECRET//UK EYES ONLY]]"},
        {"marking", "[[UK OFFICIAL]]"},
        {"marking", "--[[SECRET]]--"},
        {"marking", "[[NOT PROTECTIVELY MARKED]]"},
        {"marking", "[[EMBARGOED UNTIL 00:01 20 NOVEMBER 2026]]\n"},
        {"marking", "Fwd ([[OFFICIAL-SENSITIVE]]) draft, [[TLP:AMBER+STRICT]]"},
        {"marking", "Secret Santa, SECRET SANTA, TOP SECRET recipe, OFFICIAL PHOTO NHS"},
        {"marking", "THE OFFICIAL LAUNCH\nofficial\nOfficial\n(secret) UK"},
        {"marking", "Marked SECRET SANTA; official-sensitive; EMBARGOED NHS"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_disguises(void **state)
{
    static const Case cases[] = {
        {"hidden-characters", "Vote [[L\u200ba]]bour"},
        {"hidden-characters", "Fam \U0001F468\u200D\U0001F469 \u2764\uFE0F and \u2713"},
        {"hidden-characters", "\uFEFFplain \u00e9"},
        {"fancy-letters", "Say [[\U0001D400\U0001D401 \U0001D402\U0001D403]] now"},
        {"fancy-letters", "[[\u1D1B\u029C\u026A\uA731]] is [[\U0001F170\U0001F171\U0001F172]]"},
        {"fancy-letters", "\u2116 5, 20 \u2103, \u2122, \U0001D400 \u2460 \u00bd"},
        {"mixed-script", "[[L\u0430bour]] and [[\u039Fffice]]"},
        {"mixed-script", "\u043f\u0440\u0438\u0432\u0435\u0442 Labour, TNF\u03b1, 5 \u03bcg"},
        {"zalgo", "a[[b\u0300\u0301\u0302\u0303\u0304]]c"},
        {"zalgo", "\u00e9 e\u0301\u0302 D\u0302"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_slips(void **state)
{
    static const Case cases[] = {
        {"doubled-word", "Here is [[the the]] plan for [[The\nthe]] day"},
        {"doubled-word", "I know that that had had an effect, very very. Of, of the. The-the. a A "
                         "Level, the The Crown"},
        {"masked-word", "Oh [[sh*t]], [[f***]], [[b*ll*cks]]!"},
        {"masked-word", "*bold* **bold** a word* 2*3 a*b **vitamin c** f*"},
        {"capitals", "So [[THIS IS WHAT WE WANT]] you see"},
        {"capitals", "[[PLEASE DO NOT PANIC]]. HMRC DWP MOD UK. BBC and ITV NEWS"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_dates(void **state)
{
    static const Case cases[] = {
        {"wrong-weekday", "On [[Thursday 3 May 2027]] and [[Tue the 1st of Jan, 2025]]."},
        {"wrong-weekday", "[[Sun, 29 February 2024]]; [[monday 31st december 1999]]"},
        {"wrong-weekday", "Monday 3 May 2027, Wednesday 1 January 2025, Thurs 29 Feb 2024"},
        {"wrong-weekday", "Friday 31 December 1999, Thursday 1 January 1970, Wed 31 December 1969"},
        {"wrong-weekday", "Thursday 3 May, Thursday 31 June 2027, Thursday 3 Maybe 2027"},
        {"wrong-weekday",
         "Thursday 3 May 20275, Thursday 3 May 2027th, Thursday 33 May 2027, 2027"},
        {"wrong-weekday", "fatsun 3 May 2027 the 3 May 2027 Mon 3 2027, 3 May 2027, Tuesday 3"},
    };
    (void)state;
    ALL_OF(cases);
}

static void test_table(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < DETECTOR_COUNT; i++)
        assert_int_equal(sml_detect_find(sml_detect_name(i)), i);
    assert_int_equal(sml_detect_find(STR("nin")), DETECTOR_COUNT);
    assert_int_equal(sml_detect_name(DETECTOR_COUNT).len, 0);
    assert_int_equal(sml_detect_features(DETECTOR_COUNT), 0);
}

/* Every detector over texts made of the pieces they look for: spans in order, apart, inside, on characters. */
/* Runs count from a length on, however long they get, and only unbroken. */
static void test_runs(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned has;
    } cases[] = {
        {"A B c", 0},
        {"AB", HAS_CAPITAL},
        {"AB:CD", HAS_CAPITAL},
        {"AB:CDE", HAS_CAPITAL | HAS_SHOUT},
        {"abcdefghijklmno", 0},
        {"abcdefg-ijklmnop", HAS_LONG},
        {"abcdefg ijklmnop", 0},
        {"*/+=", 0},
        {"*/+=$", HAS_SIGNS},
    };
    unsigned runs = HAS_CAPITAL | HAS_SHOUT | HAS_LONG | HAS_SIGNS;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(sml_features(sml_str_from(cases[i].text)) & runs, cases[i].has);
    static char many[70000];
    memset(many, '$', sizeof many);
    assert_int_equal(sml_features((Str){many, sizeof many}) & runs, HAS_SIGNS);
}

static void test_any_text(void **state)
{
    static const char *const bits[] = {"a",
                                       "9",
                                       " ",
                                       "-",
                                       "99",
                                       "\n",
                                       "<<",
                                       "*",
                                       "gb82",
                                       "@",
                                       ".",
                                       "sk_",
                                       "ey",
                                       "(",
                                       ")",
                                       "+44",
                                       "07",
                                       "SECRET",
                                       "\u200b",
                                       "\u0301",
                                       "\U0001D400",
                                       "\u0430",
                                       "the",
                                       "P<",
                                       ":",
                                       "::",
                                       "fe80",
                                       "SG.",
                                       "-----BEGIN PRIVATE KEY-----",
                                       "-----END",
                                       "A"};
    (void)state;
    uint32_t seed = 7;
    Arena *a = sml_arena_new();
    for (unsigned turn = 0; turn < 3000; turn++) {
        Buf text = {0};
        for (unsigned i = 0; i < 1 + turn % 60; i++) {
            seed = seed * 1664525u + 1013904223u;
            sml_buf_add(&text, sml_str_from(bits[(seed >> 16) % (sizeof bits / sizeof *bits)]));
        }
        for (uint32_t id = 0; id < DETECTOR_COUNT; id++) {
            Norm norm;
            Spans found = run(&norm, sml_buf_str(&text), sml_detect_name(id).p, a);
            for (uint32_t i = 0; i < found.n; i++) {
                assert_true(found.v[i].start < found.v[i].end);
                assert_true(found.v[i].end <= norm.text.len);
                assert_true(i == 0 || found.v[i - 1].end < found.v[i].start);
            }
        }
        sml_buf_free(&text);
        sml_arena_reset(a);
    }
    sml_arena_free(a);
}

static void test_look(void **state)
{
    static const Case cases[] = {
        {"camel-case",
         "Join in [[#getoutside]] and [[#climateactionweek]] #GetOutside #budget #fireworks"},
        {"camel-case", "#nhs #bbcqt #dyddgwyldewi #weekend #getoutsidezzq #Getoutside"},
        {"emoji-run", "Won [[🎉🎉 🎉]] x 🎉🌳 x [[🎉 🎉]]"},
        {"emoji-words", "We [[👏]] need [[👏]] you. Take the [[🚌]], or [[🚲]] and 🏊 Mo."},
        {"emoji-words", "The\n🚌 is late. My – 🚌 so. I 🎉. We\n\n🎉 go home 🏠 now"},
        {"emoji-words", "I [[❤]] Leeds. Our [[🏊]]. We 🎉! Nice 👏 one 🎉 Nice 👏 "},
        {"hashtags-inside", "In [[#a1]] [[#b1]] and the [[#c1]] pool #d1 #e1"},
        {"hashtags-inside", "In #a1 #b1 and #c1. Here #d1 #e1 Mo"},
        {"emoji-run", "[[👨‍👩‍👧👍🏽🇬🇧]]"},
        {"emoji-bullets", "Bring:\n[[✅]] a coat\n[[✅]] a torch\n🎉"},
        {"emoji-bullets", "✅ one\ntwo ✅ three\n🎉🎉"},
        {"symbol-run",
         "[[>>>>>]] one [[═════]] (really?!)... https://example.gov.uk/?a=%20%20%20%20"},
        {"accidental-link", "This is [[it.Now]] go. Fine.Then gov.uk Example.Com https://it.Now/"},
        {"cut-hashtag", "[[#Covid-19]] [[#R&D]] [[#No.10]] #Budget's #Budget’s #NHS. #a- #2024-25"},
        {"unlinked-domain", "[[www.north-example.gov.uk]] gov.uk https://a-b.com/ @a-b.com x-y"},
    };
    (void)state;
    ALL_OF(cases);
}

/* Detectors promise to be linear: what looks ahead from many places must not look as far from each. */
static void test_linear(void **state)
{
    static const char *const pieces[] = {"a ",     "7 ",   "a-", "7", "77 7 ", ".", "a.",
                                         "@",      "a@b.", "#a", "#", "(",     "A", "a",
                                         "\u0301", "a*",   "é ", "-", "the ",  "🎉", "\u200b"};
    enum { PIECES = sizeof pieces / sizeof *pieces, HALF = 20000 };
    (void)state;
    Arena *a = sml_arena_new();
    for (size_t i = 0; i < PIECES * PIECES; i++) {
        Buf text = {0};
        Norm norm;
        Tokens tokens;
        while (text.len < HALF)
            sml_buf_add(&text, sml_str_from(pieces[i / PIECES]));
        sml_buf_add(&text, STR(" 1 2 3 4 5 6 7 "));
        while (text.len < 2 * HALF)
            sml_buf_add(&text, sml_str_from(pieces[i % PIECES]));
        sml_norm_apply(&norm, sml_buf_str(&text), FOLD_ALL, a);
        sml_token_scan(&tokens, &norm, sml_buf_str(&text), a);
        Detection d = {sml_buf_str(&text), &norm, &tokens, ~0U};
        for (uint32_t id = 0; id < DETECTOR_COUNT; id++) {
            Spans spans = {0};
            sml_detect_run(&spans, id, &d, a);
        }
        sml_buf_free(&text);
        sml_arena_reset(a);
    }
    sml_arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_person_numbers), cmocka_unit_test(test_money_numbers),
        cmocka_unit_test(test_contacts),       cmocka_unit_test(test_machines),
        cmocka_unit_test(test_keys),           cmocka_unit_test(test_markings),
        cmocka_unit_test(test_disguises),      cmocka_unit_test(test_slips),
        cmocka_unit_test(test_look),           cmocka_unit_test(test_dates),
        cmocka_unit_test(test_table),          cmocka_unit_test(test_runs),
        cmocka_unit_test(test_any_text),       cmocka_unit_test(test_linear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
