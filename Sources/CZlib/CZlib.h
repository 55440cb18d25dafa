// zlib, and the function-like macro that Swift does not import, as a function.
#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

/// `bits`: 15 for zlib's format, 31 for gzip's, -15 for bare deflate.
static inline int czlib_begin_inflate(z_stream *stream, int bits) { return inflateInit2(stream, bits); }

#endif
