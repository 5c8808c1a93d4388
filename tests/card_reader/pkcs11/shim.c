/* A PKCS#11 library in front of another (SHIM_TARGET). The file SHIM_FAULT holds what it does wrong, read at each call:
   "login crash", "sign hang", "sign flip", "flags 48" (CKR_DEVICE_ERROR)... Each C_Login adds a byte to SHIM_LOGINS.
   With SHIM_PAD the reader has a PIN pad, on which that PIN is typed when C_Login brings none. */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FLAGS_AT = 96, PROTECTED_PATH = 0x100 }; /* in CK_TOKEN_INFO, after 32 + 32 + 16 + 16 characters */
enum { TOKEN_INFO = 6, LOGIN = 18, SIGN = 43, FUNCTIONS = 68 };
typedef unsigned long ulong;
struct list { unsigned char version[2]; void *function[FUNCTIONS]; };

static struct list *real, ours;

static ulong fault(const char *where, int *flips) {
    char verb[16] = "", what[16] = "";
    FILE *file = fopen(getenv("SHIM_FAULT"), "r");
    if (!file) return 0;
    if (fscanf(file, "%15s %15s", verb, what) != 2) verb[0] = 0;
    fclose(file);
    if (strcmp(verb, where)) return 0;
    if (!strcmp(what, "crash")) abort();
    if (!strcmp(what, "hang")) for (;;) pause();
    if (!strcmp(what, "flip")) { *flips = 1; return 0; }
    return strtoul(what, NULL, 10);
}

static ulong token_info(ulong slot, void *info) {
    int flips = 0;
    ulong failed = fault("flags", &flips);
    if (!failed) failed = ((ulong (*)(ulong, void *))real->function[TOKEN_INFO])(slot, info);
    if (!failed && getenv("SHIM_PAD")) *(ulong *)((char *)info + FLAGS_AT) |= PROTECTED_PATH;
    return failed;
}

static ulong login(ulong session, ulong user, unsigned char *pin, ulong length) {
    int flips = 0;
    FILE *file = fopen(getenv("SHIM_LOGINS"), "a");
    if (file) { fputc('x', file); fclose(file); }
    ulong failed = fault("login", &flips);
    char *typed = getenv("SHIM_PAD");
    if (typed && !pin) { pin = (unsigned char *)typed; length = strlen(typed); }
    return failed ? failed : ((ulong (*)(ulong, ulong, unsigned char *, ulong))real->function[LOGIN])(session, user, pin, length);
}

static ulong sign(ulong session, unsigned char *data, ulong size, unsigned char *signature, ulong *length) {
    int flips = 0;
    ulong failed = fault("sign", &flips);
    if (failed) return failed;
    ulong done = ((ulong (*)(ulong, unsigned char *, ulong, unsigned char *, ulong *))real->function[SIGN])(session, data, size, signature, length);
    if (!done && flips && signature) signature[*length / 2] ^= 1;
    return done;
}

ulong C_GetFunctionList(struct list **answer) {
    void *library = dlopen(getenv("SHIM_TARGET"), RTLD_NOW);
    if (!library) return 5;
    ulong done = ((ulong (*)(struct list **))dlsym(library, "C_GetFunctionList"))(&real);
    if (done) return done;
    puts("this goes to standard output, where the helper speaks");
    fflush(stdout);
    ours = *real;
    ours.function[TOKEN_INFO] = (void *)token_info;
    ours.function[LOGIN] = (void *)login;
    ours.function[SIGN] = (void *)sign;
    *answer = &ours;
    return 0;
}
