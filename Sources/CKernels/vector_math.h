// Functions of one float without branches, tables or calls, so that loops over them vectorise. Errors are below 4 ulp;
// `VectorMathTests` holds them to that. The polynomials are minimax fits for the ranges named at each.
#ifndef PERILUNE_VECTOR_MATH_H
#define PERILUNE_VECTOR_MATH_H

#include "common.h"

#define VM_INFINITY __builtin_inff()
#define VM_NAN __builtin_nanf("")

PK_INLINE uint32_t vm_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

PK_INLINE float vm_float(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

PK_INLINE uint64_t vm_bits64(double x) {
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

PK_INLINE double vm_double(uint64_t bits) {
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

PK_INLINE float vm_abs(float x) { return vm_float(vm_bits(x) & 0x7fffffffu); }

PK_INLINE float vm_copy_sign(float magnitude, float sign) {
    return vm_float((vm_bits(magnitude) & 0x7fffffffu) | (vm_bits(sign) & 0x80000000u));
}

/// The integer part, from a conversion: older processors have no instruction for it.
PK_INLINE float vm_floor(float x) {
    float whole = (float)(int32_t)(vm_abs(x) < 8388608.0f ? x : 0.0f);
    float below = whole - (whole > x ? 1.0f : 0.0f);
    return vm_abs(x) < 8388608.0f ? vm_copy_sign(below, x) : x;
}

PK_INLINE int32_t vm_to_int(float x) {
    float high = x < 2147483520.0f ? x : 2147483520.0f;
    float both = high > -2147483648.0f ? high : -2147483648.0f;
    return (int32_t)(x == x ? both : 0.0f);
}

// MARK: Exponentials

/// x = n·ln 2 + rest, |rest| <= ln(2) / 2. The sum with 1.5·2^23 rounds to an integer, and has it in its low bits.
PK_INLINE float vm_exp_reduce(float x, int32_t *n) {
    float shifted = x * 1.44269504f + 12582912.0f;
    float whole = shifted - 12582912.0f;
    *n = (int32_t)(vm_bits(shifted) - 0x4b400000u);
    float rest = x - whole * 0.693145752f;
    return rest - whole * 1.42860677e-6f;
}

/// exp(x) - 1 for |x| <= ln(2) / 2.
PK_INLINE float vm_exp_rest(float x) {
    float q = 0.00138706574f;
    q = q * x + 0.00836626161f;
    q = q * x + 0.0416674353f;
    q = q * x + 0.166665465f;
    q = q * x + 0.49999997f;
    return x * x * q + x;
}

/// 2^n for -126 <= n <= 127.
PK_INLINE float vm_power_of_two(int32_t n) { return vm_float((uint32_t)(n + 127) << 23); }

PK_INLINE float vm_exp(float x) {
    float high = x > 89.0f ? 89.0f : x;
    float both = high < -104.0f ? -104.0f : high;
    int32_t n;
    float rest = vm_exp_reduce(both, &n);
    // In two steps, for results below the smallest normal number and above the largest.
    int32_t half = n >> 1;
    return (1.0f + vm_exp_rest(rest)) * vm_power_of_two(half) * vm_power_of_two(n - half);
}

/// exp(x) for x in -87...0, where one scaling is enough.
PK_INLINE float vm_exp_small(float x) {
    int32_t n;
    float rest = vm_exp_reduce(x, &n);
    return (1.0f + vm_exp_rest(rest)) * vm_power_of_two(n);
}

PK_INLINE float vm_expm1(float x) {
    float high = x > 89.0f ? 89.0f : x;
    float both = high < -20.0f ? -20.0f : high;
    int32_t n;
    float rest = vm_exp_rest(vm_exp_reduce(both, &n));
    float half_scale = vm_power_of_two(n - 1);
    return 2.0f * (half_scale * rest + (half_scale - 0.5f));
}

PK_INLINE float vm_tanh(float x) {
    float twice = 2.0f * vm_abs(x);
    float t = vm_expm1(twice > 20.0f ? 20.0f : twice);
    return vm_copy_sign(t / (t + 2.0f), x);
}

PK_INLINE float vm_sigmoid(float x) { return 1.0f / (1.0f + vm_exp(-x)); }

// MARK: Logarithms

/// log((1 + f)·2^e) for 1 + f from sqrt(1/2) to sqrt(2).
PK_INLINE float vm_log_sum(float f, float e) {
    float p = -0.0763642788f;
    p = p * f + 0.127622128f;
    p = p * f + -0.131596103f;
    p = p * f + 0.1420158f;
    p = p * f + -0.166234091f;
    p = p * f + 0.200012416f;
    p = p * f + -0.250008196f;
    p = p * f + 0.333333313f;
    float square = f * f;
    float tail = f * square * p - 0.5f * square + e * 1.42860677e-6f;
    return e * 0.693145752f + (f + tail);
}

/// The exponent that leaves a mantissa from sqrt(1/2) to sqrt(2).
PK_INLINE int32_t vm_log_exponent(uint32_t bits) { return (int32_t)(bits - 0x3f3504f3u) >> 23; }

PK_INLINE float vm_log(float x) {
    bool tiny = x < 1.17549435e-38f;
    uint32_t bits = vm_bits(tiny ? x * 8388608.0f : x);
    int32_t e = vm_log_exponent(bits);
    float f = vm_float(bits - ((uint32_t)e << 23)) - 1.0f;
    float result = vm_log_sum(f, (float)(e - (tiny ? 23 : 0)));
    float special = x == 0.0f ? -VM_INFINITY : x > 0.0f ? VM_INFINITY : VM_NAN;
    return ((x > 0.0f) & (x < VM_INFINITY)) ? result : special;
}

/// log(1 + x): what the sum 1 + x loses is given back to the mantissa.
PK_INLINE float vm_log1p(float x) {
    float sum = 1.0f + x;
    float lost = x < 1.0f ? x - (sum - 1.0f) : 1.0f - (sum - x);
    uint32_t bits = vm_bits(sum);
    int32_t e = vm_log_exponent(bits);
    // Large sums have lost nothing that counts, and 2^-e has to stay a normal number.
    float scale = vm_power_of_two(e < 100 ? -e : -100);
    float f = (vm_float(bits - ((uint32_t)e << 23)) - 1.0f) + lost * scale;
    float result = vm_log_sum(f, (float)e);
    float special = x == -1.0f ? -VM_INFINITY : x > 0.0f ? VM_INFINITY : VM_NAN;
    return ((x > -1.0f) & (x < VM_INFINITY)) ? result : special;
}

PK_INLINE float vm_softplus(float x) {
    return (x < 0.0f ? 0.0f : x) + vm_log1p(vm_exp(-vm_abs(x)));
}

// MARK: Others

PK_INLINE float vm_erf(float x) {
    float a = vm_abs(x), z = x * x;
    // x + x·p(x²) below 1.
    float p = 7.92036808e-05f;
    p = p * z + -0.000803076138f;
    p = p * z + 0.00519073382f;
    p = p * z + -0.026855126f;
    p = p * z + 0.112836182f;
    p = p * z + -0.376126289f;
    p = p * z + 0.128379166f;
    float small = x + x * p;
    // 1 - exp(-q(a)) from 1 to 4.
    float b = a > 4.0f ? 4.0f : a;
    float q = -0.000186381381f;
    q = q * b + 0.00294768182f;
    q = q * b + -0.0218381546f;
    q = q * b + 0.103106923f;
    q = q * b + 0.638144672f;
    q = q * b + 1.12708926f;
    q = q * b + 0.000341512583f;
    float large = vm_copy_sign(1.0f - vm_exp_small(-q), x);
    return a < 1.0f ? small : large;
}

/// sin(x + quarter·pi/2). The argument is reduced in double: good to about |x| = 10^9.
PK_INLINE float vm_sin_shifted(float x, uint32_t quarter) {
    double wide = x;
    double shifted = wide * 0.63661977236758134 + 6755399441055744.0;
    double whole = shifted - 6755399441055744.0;
    double rest = wide - whole * 1.5707963267341256;
    float r = (float)(rest - whole * 6.0771005065061922e-11);
    r = r > 0.7854f ? 0.7854f : r;
    r = r < -0.7854f ? -0.7854f : r;
    uint32_t turn = (uint32_t)vm_bits64(shifted) + quarter;
    float z = r * r;
    float s = -0.000195184082f;
    s = s * z + 0.0083321901f;
    s = s * z + -0.166666552f;
    float sine = r * z * s + r;
    float c = 2.44323273e-5f;
    c = c * z + -0.00138873095f;
    c = c * z + 0.0416666456f;
    float cosine = z * z * c + (1.0f - 0.5f * z);
    float result = turn & 1 ? cosine : sine;
    return vm_float(vm_bits(result) ^ (turn << 30 & 0x80000000u));
}

PK_INLINE float vm_sin(float x) { return vm_sin_shifted(x, 0); }
PK_INLINE float vm_cos(float x) { return vm_sin_shifted(x, 1); }

/// log2(a) for a > 0 and finite, in double.
PK_INLINE double vm_log2_double(float a) {
    uint64_t bits = vm_bits64((double)a);
    // Biased by 1024, so that the shift need not keep a sign.
    int32_t e = (int32_t)((bits - 0x3fe6a09e667f3bcdu + (1024ull << 52)) >> 52) - 1024;
    double m = vm_double(bits - ((uint64_t)(int64_t)e << 52));
    double s = (m - 1.0) / (m + 1.0), z = s * s;
    double p = 0.28292974037864188;
    p = p * z + 0.31990367740518094;
    p = p * z + 0.41220930012650914;
    p = p * z + 0.57707794191276407;
    p = p * z + 0.96179669411477031;
    p = p * z + 2.8853900817778495;
    return s * p + (double)e;
}

/// 2^x for |x| <= 1000, in double.
PK_INLINE double vm_exp2_double(double x) {
    double shifted = x + 6755399441055744.0;
    double r = x - (shifted - 6755399441055744.0);
    double p = 1.531659055853208e-05;
    p = p * r + 0.00015469864401611091;
    p = p * r + 0.0013333422097183936;
    p = p * r + 0.0096180251888978961;
    p = p * r + 0.055504109767748389;
    p = p * r + 0.24022651216701796;
    p = p * r + 0.6931471805348246;
    p = p * r + 0.99999999995922462;
    return p * vm_double((vm_bits64(shifted) + 1023) << 52);
}

PK_INLINE float vm_pow(float x, float y) {
    float a = vm_abs(x), b = vm_abs(y);
    double logarithm = a == 0.0f ? -(double)VM_INFINITY : a < VM_INFINITY ? vm_log2_double(a) : (double)VM_INFINITY;
    double exponent = (double)y * logarithm;
    exponent = exponent > 200.0 ? 200.0 : exponent;
    exponent = exponent < -200.0 ? -200.0 : exponent;
    float magnitude = (float)vm_exp2_double(exponent);
    magnitude = a == 1.0f ? 1.0f : magnitude;
    // Numbers from 2^24 on are even.
    int32_t whole = (int32_t)(b < 16777216.0f ? b : 0.0f);
    bool is_whole = b < 16777216.0f ? (float)whole == b : y == y;
    uint32_t sign = (whole & 1) && is_whole ? vm_bits(x) & 0x80000000u : 0;
    float result = vm_float(vm_bits(magnitude) | sign);
    result = ((x < 0.0f) & (x > -VM_INFINITY) & !is_whole) ? VM_NAN : result;
    result = x != x ? x : result;
    return ((y == 0.0f) | (x == 1.0f)) ? 1.0f : result;
}

#endif
