/* SPDX-License-Identifier: MIT */
/*
 * compare RUNS NAME COMMAND... -- NAME COMMAND... [-- ...]
 *
 * Runs the commands in turn, RUNS times each, output thrown away, and prints for each its median wall time, the ratio to
 * the first, and its peak memory. Taking turns within one run is what makes a ratio mean something on a noisy machine.
 */
#define _DEFAULT_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_COMMANDS 8

typedef struct Command {
    const char *name;
    char **argv;
    double *ms;
    long peak_kib;
} Command;

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void run(Command *c, int i)
{
    struct rusage usage;
    int status;
    double start = now_ms();
    pid_t pid = vfork();
    if (pid == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDOUT_FILENO);
        dup2(null, STDERR_FILENO);
        execvp(c->argv[0], c->argv);
        _exit(127);
    }
    wait4(pid, &status, 0, &usage);
    c->ms[i] = now_ms() - start;
    if (WEXITSTATUS(status) == 127) {
        fprintf(stderr, "compare: cannot run %s\n", c->argv[0]);
        exit(1);
    }
    if (usage.ru_maxrss > c->peak_kib)
        c->peak_kib = usage.ru_maxrss;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv)
{
    int runs = argc > 1 ? atoi(argv[1]) : 0, n = 0;
    Command commands[MAX_COMMANDS];
    for (int i = 2; i < argc && n < MAX_COMMANDS; i++) {
        commands[n] = (Command){argv[i], argv + i + 1, calloc((size_t)runs + 1, sizeof(double)), 0};
        n++;
        while (i < argc && strcmp(argv[i], "--") != 0)
            i++;
        if (i < argc)
            argv[i] = NULL;
    }
    if (runs < 1 || n == 0) {
        fputs("usage: compare RUNS NAME COMMAND... -- NAME COMMAND...\n", stderr);
        return 1;
    }
    for (int i = 0; i < runs; i++)
        for (int c = 0; c < n; c++)
            run(&commands[c], i);
    double first = 0;
    for (int c = 0; c < n; c++) {
        qsort(commands[c].ms, (size_t)runs, sizeof(double), by_value);
        double median = commands[c].ms[runs / 2];
        first = c ? first : median;
        printf("%-44s %10.2f ms  x %-7.2f %8ld KiB\n", commands[c].name, median, median / first,
               commands[c].peak_kib);
    }
    return 0;
}
