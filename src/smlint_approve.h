/* SPDX-License-Identifier: MIT */
/*
 * Findings that are set aside: approved by somebody, or known from a baseline. An approval is for one
 * rule and certain words, so it sets aside exactly the occurrences whose folded words are those; the
 * rule's other occurrences in the post are reported as if they were alone.
 */
#ifndef SML_SMLINT_APPROVE_H
#define SML_SMLINT_APPROVE_H

#include "base/map.h"
#include "match/judge.h"

/* What can be wrong with an approval; each is a rule of its own, approval/NAME. */
typedef enum ApproveProblem {
#define PROBLEM(id, name, grade, title, why, instead) PROBLEM_##id,
#include "smlint_approve.def"
#undef PROBLEM
    PROBLEM_COUNT
} ApproveProblem;

typedef struct ProblemRow {
    Str rule, title, why, instead;
    sml_grade grade;
} ProblemRow;

const ProblemRow *sml_approve_row(ApproveProblem p);

typedef struct Approval {
    const sml_allow *allow;
    uint32_t book, rule;
    Minutes end;    /* first minute it no longer holds; MINUTES_MAX: never */
    Minutes latest; /* PROBLEM_ENDLESS: that it may have */
    bool house;     /* for all documents, so that what is wrong is said in each */
    bool idle;      /* nothing more is to be said of it: it was said */
    bool hit;       /* its words were found, whether that set them aside or not */
    Str near;       /* PROBLEM_UNKNOWN: the nearest rule, or empty */
    Str wants;      /* PROBLEM_INCOMPLETE: what it lacks */
    bool is_static; /* `problem` was plain without a look at the post */
    ApproveProblem problem;
} Approval;

/* The approvals of one document, or of all. */
typedef struct Approvals {
    VEC(Approval) v;
    VEC(struct ApproveEntry) entries;
    Map rules;   /* ids of rules that any approval is for */
    Map by_key;  /* rule and folded words, or rule and print, → first entry */
    bool prints; /* some go by fingerprint */
    bool house;  /* they outlive a document */
    Arena *arena;
} Approvals;

/* What to say of an approval. */
typedef struct ApproveRemark {
    const Approval *approval;
    ApproveProblem problem;
} ApproveRemark;

typedef struct SetAside {
    Finding finding; /* the first of `finding.count` */
    const sml_allow *allow;
} SetAside;

typedef struct Approved {
    VEC(SetAside) aside;
    VEC(ApproveRemark) remarks; /* by place */
    uint32_t known;
    const bool *allowed; /* by occurrence: is it approved? */
} Approved;

/* Takes up approvals for a document, whose `arena` must be set: looks up their rules and folds their
 * words. Borrows `v`. */
void sml_approve_add(Approvals *out, const Scan *scan, const sml_allow *v, uint32_t n);

typedef struct ApprovePost {
    Approvals *own, *house; /* of its document, and of all */
    const sml_known *known;
    uint32_t n_known;
    const uint64_t *prints; /* of judgement.occurrences; NULL where nobody needs them */
    Scan *scan;
    const Facts *facts;
    const Choice *choice; /* what runs on the post */
    Minutes latest;       /* that approvals may end; MINUTES_MAX: any */
    Str text;
    bool last; /* of its document: what has not been of use by now never will be */
} ApprovePost;

/* What a remark says, in words; they live in `a`. */
Str sml_approve_message(const ApproveRemark *r, Arena *a);

/* Takes what is set aside out of j->findings. Results live in scan->scratch. */
void sml_approve_post(Approved *out, Judgement *j, const ApprovePost *post);

#endif
