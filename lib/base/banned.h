/*
 * Calls that have no place here: a use is a compile error. Floor 0. Included first, by every .c file of lib, formats
 * and cmd, through -include in the Makefile.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* glibc makes macros of these for clang, and clang warns of a poisoned macro. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok tmpnam mktemp tempnam
#pragma GCC poison atoi atol atoll atof strtod strtof strtold gmtime localtime ctime asctime system popen

/* A header of OpenSSL calls a parameter rand, so these two are refused by their call. */
#define rand() rand_is_banned
#define srand(seed) srand_is_banned

#endif
