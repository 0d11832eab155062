#include "base64.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const uint8_t *in, size_t n, char *out)
{
    for (; n >= 3; n -= 3, in += 3, out += 4) {
        const uint32_t bits = (uint32_t)in[0] << 16 | (uint32_t)in[1] << 8 | in[2];
        out[0] = letters[bits >> 18];
        out[1] = letters[bits >> 12 & 63];
        out[2] = letters[bits >> 6 & 63];
        out[3] = letters[bits & 63];
    }
    if (n > 0) {
        const uint32_t bits = (uint32_t)in[0] << 16 | (n > 1 ? (uint32_t)in[1] << 8 : 0);
        out[0] = letters[bits >> 18];
        out[1] = letters[bits >> 12 & 63];
        out[2] = n > 1 ? letters[bits >> 6 & 63] : '=';
        out[3] = '=';
    }
}

/* Value of each character plus one, so that 0 marks what is not a letter. */
static const uint8_t value_plus_one[256] = {
    ['A'] = 1,  ['B'] = 2,  ['C'] = 3,  ['D'] = 4,  ['E'] = 5,  ['F'] = 6,  ['G'] = 7,  ['H'] = 8,
    ['I'] = 9,  ['J'] = 10, ['K'] = 11, ['L'] = 12, ['M'] = 13, ['N'] = 14, ['O'] = 15, ['P'] = 16,
    ['Q'] = 17, ['R'] = 18, ['S'] = 19, ['T'] = 20, ['U'] = 21, ['V'] = 22, ['W'] = 23, ['X'] = 24,
    ['Y'] = 25, ['Z'] = 26, ['a'] = 27, ['b'] = 28, ['c'] = 29, ['d'] = 30, ['e'] = 31, ['f'] = 32,
    ['g'] = 33, ['h'] = 34, ['i'] = 35, ['j'] = 36, ['k'] = 37, ['l'] = 38, ['m'] = 39, ['n'] = 40,
    ['o'] = 41, ['p'] = 42, ['q'] = 43, ['r'] = 44, ['s'] = 45, ['t'] = 46, ['u'] = 47, ['v'] = 48,
    ['w'] = 49, ['x'] = 50, ['y'] = 51, ['z'] = 52, ['0'] = 53, ['1'] = 54, ['2'] = 55, ['3'] = 56,
    ['4'] = 57, ['5'] = 58, ['6'] = 59, ['7'] = 60, ['8'] = 61, ['9'] = 62, ['+'] = 63, ['/'] = 64,
};

/* The 24 bits of four letters; above 24 bits when one of them is none. */
static uint32_t quad(const char *in)
{
    const uint32_t a = value_plus_one[(uint8_t)in[0]] - 1u;
    const uint32_t b = value_plus_one[(uint8_t)in[1]] - 1u;
    const uint32_t c = value_plus_one[(uint8_t)in[2]] - 1u;
    const uint32_t d = value_plus_one[(uint8_t)in[3]] - 1u;
    return (a | b | c | d) > 63 ? UINT32_MAX : a << 18 | b << 12 | c << 6 | d;
}

int base64_decode(const char *in, size_t n, uint8_t *out, size_t *out_bytes)
{
    uint8_t *const start = out;
    if (n % 4 != 0)
        return -1;
    for (; n > 4; n -= 4, in += 4, out += 3) {
        const uint32_t bits = quad(in);
        if (bits == UINT32_MAX)
            return -1;
        out[0] = (uint8_t)(bits >> 16);
        out[1] = (uint8_t)(bits >> 8);
        out[2] = (uint8_t)bits;
    }
    if (n == 4) {
        const size_t n_pad = in[3] != '=' ? 0 : in[2] != '=' ? 1 : 2;
        const char last[4] = { in[0], in[1], n_pad > 1 ? 'A' : in[2], n_pad > 0 ? 'A' : in[3] };
        const uint32_t bits = quad(last);
        if (bits == UINT32_MAX)
            return -1;
        for (size_t i = 0; i < 3 - n_pad; i++)
            *out++ = (uint8_t)(bits >> (16 - 8 * i));
    }
    *out_bytes = (size_t)(out - start);
    return 0;
}
