#include "store/compressor.h"

#include "core/failure.h"
#include "store/blobs.h"

#include <zstd.h>

#include <algorithm>
#include <new>

namespace slipway::store {
namespace {

constexpr int kLevel = 1;
/// A large text leaves large tables behind, which an idle server need not keep.
constexpr std::size_t kKeptTableBytes = 256 * 1024;

}  // namespace

Compressor::Compressor() = default;
Compressor::~Compressor() = default;

void Compressor::Free::operator()(ZSTD_CCtx_s* context) const { ZSTD_freeCCtx(context); }

std::string Compressor::compress(std::string_view bytes) {
  if (context_ == nullptr) context_.reset(ZSTD_createCCtx());
  if (context_ == nullptr) throw std::bad_alloc();
  std::string packed(ZSTD_compressBound(bytes.size()), '\0');
  const std::size_t size =
      ZSTD_compressCCtx(context_.get(), packed.data(), packed.size(), bytes.data(), bytes.size(), kLevel);
  if (ZSTD_isError(size) != 0) throw Failure(std::string("zstd: ") + ZSTD_getErrorName(size));
  if (ZSTD_sizeof_CCtx(context_.get()) > kKeptTableBytes) context_.reset();
  packed.resize(size);
  packed.shrink_to_fit();
  return packed;
}

std::string compress(std::string_view bytes) { return Compressor().compress(bytes); }

std::string decompress(std::string_view bytes, std::size_t limit) {
  const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(), &ZSTD_freeDCtx);
  if (context == nullptr) throw std::bad_alloc();
  // What a frame says of its size is a hint to begin with, not to be trusted.
  const unsigned long long told = ZSTD_getFrameContentSize(bytes.data(), bytes.size());
  if (told == ZSTD_CONTENTSIZE_ERROR) throw Failure("the stored bytes are no zstd frame");
  const bool is_told = told != ZSTD_CONTENTSIZE_UNKNOWN;
  if (is_told && told > limit) throw Failure("the stored bytes are larger than they may be");
  std::string plain(std::max<std::size_t>(is_told ? told : ZSTD_DStreamOutSize(), 1), '\0');
  ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
  ZSTD_outBuffer out{plain.data(), plain.size(), 0};
  for (;;) {
    const std::size_t left = ZSTD_decompressStream(context.get(), &out, &in);
    if (ZSTD_isError(left) != 0) throw Failure(std::string("zstd: ") + ZSTD_getErrorName(left));
    if (out.pos > limit) throw Failure("the stored bytes are larger than they may be");
    if (left == 0 && in.pos == in.size) break;
    if (out.pos == out.size) {  // else zstd wants more bytes, and says itself that there are none
      plain.resize(plain.size() * 2);
      out.dst = plain.data();
      out.size = plain.size();
    }
  }
  plain.resize(out.pos);
  return plain;
}

}  // namespace slipway::store
