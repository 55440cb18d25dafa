#include <stddef.h>
#include <stdint.h>

// libFuzzer's own main loop, for a program that brings its own main.
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*run_one)(const uint8_t *octets, size_t count));
