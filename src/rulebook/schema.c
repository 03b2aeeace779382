/* SPDX-License-Identifier: MIT */
/* fields.def for others: as JSON Schema for editors, and as the tables of sm-lint-rules(5). */
#include "match/detect.h"
#include "rulebook/read.h"

static void put_string(Buf *out, const char *s)
{
    sml_buf_addc(out, '"');
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            sml_buf_addc(out, '\\');
        sml_buf_addc(out, *s);
    }
    sml_buf_addc(out, '"');
}

/* "grade" for GRADE. */
static void put_name(Buf *out, FieldMap map)
{
    for (const char *s = sml_read_maps[map].name; *s; s++)
        sml_buf_addc(out, (char)(*s | 0x20));
}

static void put_ref(Buf *out, FieldMap map)
{
    sml_buf_add(out, STR("{\"$ref\":\"#/$defs/"));
    put_name(out, map);
    sml_buf_add(out, STR("\"}"));
}

static void put_enum(Buf *out, FieldWords words)
{
    sml_buf_add(out, STR("{\"enum\":["));
    for (uint32_t i = 0; i < sml_read_words[words].n; i++) {
        sml_buf_add(out, i ? STR(",") : STR(""));
        put_string(out, sml_read_words[words].v[i]);
    }
    sml_buf_add(out, STR("]}"));
}

/* ---- types ------------------------------------------------------------------------------------------- */

/* Every scalar is text to us, but an editor's YAML server has already made numbers and truths of some. */
#define SCHEMA_TEXT            "{\"$ref\":\"#/$defs/scalar\"}"
#define SCHEMA_TEXTS           "{\"$ref\":\"#/$defs/scalars\"}"
#define SCHEMA_MATCHING(regex) "{\"type\":\"string\",\"pattern\":\"" regex "\"}"
#define SCHEMA_PATTERN         "{\"$ref\":\"#/$defs/pattern\"}"

static void put_list_of(Buf *out, const char *before, FieldMap map, const char *after)
{
    sml_buf_addf(out, "%s", before);
    put_ref(out, map);
    sml_buf_addf(out, "%s", after);
}

static void put_number(Buf *out, const Field *f)
{
    long least = f->type == TYPE_INTEGER ? -(long)f->arg : 0;
    sml_buf_addf(out, "{\"type\":\"integer\",\"minimum\":%ld,\"maximum\":%u}", least, f->arg);
}

static void put_detectors(Buf *out)
{
    sml_buf_add(out, STR("{\"enum\":["));
    for (uint32_t i = 0; i < DETECTOR_COUNT; i++)
        sml_buf_addf(out, "%s\"%.*s\"", i ? "," : "", STR_ARG(sml_detect_name(i)));
    sml_buf_add(out, STR("]}"));
}

static void put_account(Buf *out)
{
    sml_buf_add(out, STR("{\"anyOf\":["));
    put_enum(out, WORDS_ACCOUNT);
    sml_buf_add(out, STR("," SCHEMA_MATCHING("^@.") "]}"));
}

/* Long and flat: one case a type. */
static void put_type(Buf *out, const Field *f)
{
    FieldMap map = (FieldMap)f->arg;
    FieldWords words = (FieldWords)f->arg;
    switch (f->type) {
    case TYPE_TEXT:
        sml_buf_add(out, STR(SCHEMA_TEXT));
        break;
    case TYPE_TEXTS:
    case TYPE_PHRASES:
        sml_buf_add(out, STR(SCHEMA_TEXTS));
        break;
    case TYPE_FORMAT:
        sml_buf_add(out, STR("{\"enum\":[1,\"1\"]}"));
        break;
    case TYPE_ID:
        sml_buf_add(out, STR(SCHEMA_MATCHING("^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$")));
        break;
    case TYPE_DATE:
        sml_buf_add(out, STR(SCHEMA_MATCHING("^[0-9]{4}-[0-9]{2}-[0-9]{2}")));
        break;
    case TYPE_URL:
        sml_buf_add(out, STR(SCHEMA_MATCHING("^https?://")));
        break;
    case TYPE_DETECT:
        put_detectors(out);
        break;
    case TYPE_ACCOUNTS:
        sml_buf_add(out, STR("{\"anyOf\":["));
        put_account(out);
        sml_buf_add(out, STR(",{\"type\":\"array\",\"minItems\":1,\"items\":"));
        put_account(out);
        sml_buf_add(out, STR("}]}"));
        break;
    case TYPE_BOOL:
        sml_buf_add(out, STR("{\"type\":\"boolean\"}"));
        break;
    case TYPE_NUMBER:
    case TYPE_INTEGER:
        put_number(out, f);
        break;
    case TYPE_MAXIMUM:
        sml_buf_add(out, STR("{\"anyOf\":[{\"enum\":[\"channel\",\"tool\"]},"));
        put_number(out, f);
        sml_buf_add(out, STR("]}"));
        break;
    case TYPE_WITHIN:
        sml_buf_add(out, STR("{\"anyOf\":[{\"enum\":[\"sentence\",\"post\"]},"));
        put_number(out, f);
        sml_buf_add(out, STR("]}"));
        break;
    case TYPE_WORD:
        put_enum(out, words);
        break;
    case TYPE_WORD_LIST:
        sml_buf_add(out, STR("{\"anyOf\":["));
        put_enum(out, words);
        sml_buf_add(out, STR(",{\"type\":\"array\",\"minItems\":1,\"items\":"));
        put_enum(out, words);
        sml_buf_add(out, STR("}]}"));
        break;
    case TYPE_TEXT_OR:
        put_list_of(out, "{\"anyOf\":[" SCHEMA_TEXT ",", map, "]}");
        break;
    case TYPE_TEXTS_OR:
        put_list_of(out,
                    "{\"type\":\"array\",\"minItems\":1,\"items\":{\"anyOf\":[" SCHEMA_TEXT ",",
                    map, "]}}");
        break;
    case TYPE_WANT:
        sml_buf_add(out, STR(SCHEMA_PATTERN));
        break;
    case TYPE_WANTS:
        sml_buf_add(out, STR("{\"type\":\"array\",\"minItems\":1,\"items\":" SCHEMA_PATTERN "}"));
        break;
    case TYPE_COUNTED:
        sml_buf_add(out, STR("{\"anyOf\":["));
        put_enum(out, WORDS_COUNTED);
        put_list_of(out, ",", MAP_WANT, "]}");
        break;
    case TYPE_MAP:
        put_ref(out, map);
        break;
    case TYPE_LIST_OF:
        put_list_of(out, "{\"type\":\"array\",\"minItems\":1,\"items\":", map, "}");
        break;
    case TYPE_ONE_OR_MORE:
        put_list_of(out, "{\"anyOf\":[", map, ",{\"type\":\"array\",\"minItems\":1,\"items\":");
        put_list_of(out, "", map, "}]}");
        break;
    case TYPE_MAP_OF:
        put_list_of(out,
                    "{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[a-z][a-z0-9-]*$\"},"
                    "\"additionalProperties\":",
                    map, "}");
        break;
    case TYPE_TEXT_OF:
        sml_buf_add(out,
                    STR("{\"type\":\"object\",\"propertyNames\":{\"pattern\":\"^[a-z][a-z0-9-]*"
                        "$\"},\"additionalProperties\":" SCHEMA_TEXT "}"));
        break;
    case TYPE_FREE:
        sml_buf_add(out, STR("{\"type\":\"object\"}"));
        break;
    case TYPE_COUNT:
        break;
    }
}

/* ---- maps -------------------------------------------------------------------------------------------- */

static void put_property(Buf *out, const Field *f)
{
    put_string(out, f->key);
    sml_buf_add(out, STR(":{\"description\":"));
    put_string(out, f->meaning);
    sml_buf_add(out, STR(",\"allOf\":["));
    put_type(out, f);
    sml_buf_add(out, STR("]}"));
}

static void put_properties(Buf *out, FieldMap map)
{
    bool more = false;
    sml_buf_add(out, STR("\"properties\":{"));
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        if (!sml_read_in_map(&sml_read_fields[i], map))
            continue;
        sml_buf_add(out, more ? STR(",\n    ") : STR("\n    "));
        put_property(out, &sml_read_fields[i]);
        more = true;
    }
    sml_buf_add(out, STR("}"));
}

/* The keys of a map that are required wherever it stands: what defaults may say is not. */
static void put_required(Buf *out, FieldMap map, unsigned flags)
{
    bool more = false;
    sml_buf_add(out, STR("\"required\":["));
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        const Field *f = &sml_read_fields[i];
        if (f->map != map || (f->flags & flags) != flags || (f->flags & FIELD_INHERIT))
            continue;
        sml_buf_add(out, more ? STR(",") : STR(""));
        put_string(out, f->key);
        more = true;
    }
    sml_buf_add(out, STR("]"));
}

/* Without the keys that it stands beside: these have branches of their own. */
static void put_alone(Buf *out, FieldMap map)
{
    bool more = false;
    sml_buf_add(out, STR(",\"not\":{\"anyOf\":["));
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        const Field *f = &sml_read_fields[i];
        if (f->map != map || (f->flags & (FIELD_ONE | FIELD_BESIDE)) != FIELD_ONE)
            continue;
        sml_buf_addf(out, "%s{\"required\":[\"%s\"]}", more ? "," : "", f->key);
        more = true;
    }
    sml_buf_add(out, STR("]}"));
}

/* Exactly one of the keys that are marked so; those that may be joined make one branch. */
static void put_one_of(Buf *out, FieldMap map)
{
    bool more = false, join = false;
    for (uint32_t i = 0; i < sml_read_n_fields; i++) {
        const Field *f = &sml_read_fields[i];
        if (f->map != map || !(f->flags & FIELD_ONE) || ((f->flags & FIELD_JOIN) && join))
            continue;
        sml_buf_add(out, more ? STR(",") : STR(",\"oneOf\":["));
        if (f->flags & FIELD_JOIN)
            sml_buf_add(out,
                        STR("{\"anyOf\":[{\"required\":[\"all\"]},{\"required\":[\"any\"]}]}"));
        else {
            sml_buf_addf(out, "{\"required\":[\"%s\"]", f->key);
            if (f->flags & FIELD_BESIDE)
                put_alone(out, map);
            sml_buf_addc(out, '}');
        }
        join |= (f->flags & FIELD_JOIN) != 0;
        more = true;
    }
    sml_buf_add(out, more ? STR("]") : STR(""));
}

static void put_demands(Buf *out, FieldMap map)
{
    if (map == MAP_DEFAULTS)
        return;
    if (map != MAP_RULE) {
        sml_buf_addc(out, ',');
        put_required(out, map, FIELD_MUST);
        put_one_of(out, map);
        return;
    }
    /* A retired rule is a stub. */
    sml_buf_addc(out, ',');
    put_required(out, map, FIELD_MUST | FIELD_STUB);
    sml_buf_add(out, STR(",\"if\":{\"required\":[\"status\"],\"properties\":{\"status\":{\"const\":"
                         "\"retired\"}}},\"else\":{"));
    put_required(out, map, FIELD_MUST);
    put_one_of(out, map);
    sml_buf_addc(out, '}');
}

static void put_map(Buf *out, FieldMap map)
{
    sml_buf_add(out, STR("  \""));
    put_name(out, map);
    sml_buf_add(out, STR("\":{\"title\":"));
    put_string(out, sml_read_maps[map].what);
    sml_buf_add(
        out, STR(",\"type\":\"object\",\"minProperties\":1,\"additionalProperties\":false,\n   "));
    put_properties(out, map);
    put_demands(out, map);
    sml_buf_add(out, STR("}"));
}

void sml_load_schema(Buf *out)
{
    sml_buf_add(out, STR("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\n"
                         " \"title\":\"sm-lint rulebook\",\n \"$ref\":\"#/$defs/file\",\n"
                         " \"$defs\":{\n"));
    for (uint32_t map = 0; map < MAP_COUNT; map++) {
        put_map(out, (FieldMap)map);
        sml_buf_add(out, STR(",\n"));
    }
    sml_buf_add(out,
                STR("  \"scalar\":{\"type\":[\"string\",\"number\",\"boolean\"],\"minLength\":1},\n"
                    "  \"scalars\":{\"anyOf\":[" SCHEMA_TEXT ",{\"type\":\"array\",\"minItems\":1,"
                    "\"items\":" SCHEMA_TEXT "}]},\n"
                    "  \"pattern\":{\"anyOf\":[" SCHEMA_TEXTS ","));
    put_ref(out, MAP_WANT);
    sml_buf_add(out, STR("]}}}\n"));
}

/* ---- the manual -------------------------------------------------------------------------------------- */

/* A backslash would be roff's; no sentence of ours begins with a full stop or a quote. */
static void put_roff(Buf *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '\\')
            sml_buf_add(out, STR("\\e"));
        else
            sml_buf_addc(out, *s);
    }
}

/* mdoc wants each sentence on a line of its own. */
static void put_sentences(Buf *out, const char *s)
{
    for (; *s; s++) {
        if (s[0] == '.' && s[1] == ' ') {
            sml_buf_add(out, STR(".\n"));
            s++;
        } else
            put_roff(out, (const char[]){*s, '\0'});
    }
    sml_buf_addc(out, '\n');
}

static bool holds_map(FieldType type)
{
    return type == TYPE_MAP || type == TYPE_LIST_OF || type == TYPE_ONE_OR_MORE ||
           type == TYPE_MAP_OF || type == TYPE_TEXT_OR || type == TYPE_TEXTS_OR;
}

static void put_shape(Buf *out, const Field *f)
{
    if (f->type == TYPE_WORD || f->type == TYPE_WORD_LIST)
        for (uint32_t i = 0; i < sml_read_words[f->arg].n; i++)
            sml_buf_addf(out, "%s%s", i ? " | " : "", sml_read_words[f->arg].v[i]);
    else
        put_roff(out, sml_read_types[f->type]);
    if (holds_map(f->type) && f->arg != MAP_DEFAULTS)
        sml_buf_addf(out, " (%s)", sml_read_maps[f->arg].title);
    if (f->flags & FIELD_MUST)
        sml_buf_add(out, STR(", required"));
    if (f->flags & FIELD_INHERIT)
        sml_buf_add(out, STR(", may be a default"));
}

static void put_row(Buf *out, const Field *f)
{
    sml_buf_addf(out, ".It Cm %s\n.Pq ", f->key);
    put_shape(out, f);
    sml_buf_add(out, STR("\n"));
    put_sentences(out, f->meaning);
}

void sml_load_fields(Buf *out)
{
    for (uint32_t map = 0; map < MAP_COUNT; map++) {
        if (map == MAP_DEFAULTS)
            continue;
        sml_buf_addf(out, ".Ss %s\n.Bl -tag -width Ds -compact\n", sml_read_maps[map].title);
        for (uint32_t i = 0; i < sml_read_n_fields; i++)
            if (sml_read_fields[i].map == map)
                put_row(out, &sml_read_fields[i]);
        sml_buf_add(out, STR(".El\n"));
    }
}
