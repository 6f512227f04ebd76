// Classes of characters, ASCII only.
#ifndef _CTYPE_H
#define _CTYPE_H
#define __CHARACTER static __inline__ __attribute__((__unused__)) int

__CHARACTER isdigit(int c) { return (unsigned)c - '0' < 10; }
__CHARACTER islower(int c) { return (unsigned)c - 'a' < 26; }
__CHARACTER isupper(int c) { return (unsigned)c - 'A' < 26; }
__CHARACTER isalpha(int c) { return ((unsigned)c | 32) - 'a' < 26; }
__CHARACTER isalnum(int c) { return isalpha(c) || isdigit(c); }
__CHARACTER isxdigit(int c) { return isdigit(c) || ((unsigned)c | 32) - 'a' < 6; }
__CHARACTER isblank(int c) { return c == ' ' || c == '\t'; }
__CHARACTER isspace(int c) { return c == ' ' || (unsigned)c - '\t' < 5; }
__CHARACTER isprint(int c) { return (unsigned)c - ' ' < 95; }
__CHARACTER isgraph(int c) { return (unsigned)c - '!' < 94; }
__CHARACTER iscntrl(int c) { return (unsigned)c < ' ' || c == 127; }
__CHARACTER ispunct(int c) { return isgraph(c) && !isalnum(c); }
__CHARACTER isascii(int c) { return (unsigned)c < 128; }
__CHARACTER tolower(int c) { return isupper(c) ? c + 32 : c; }
__CHARACTER toupper(int c) { return islower(c) ? c - 32 : c; }

#undef __CHARACTER
#endif
