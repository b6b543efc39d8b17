#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;

namespace slipway::store {

/// zstd at its quickest level, with its tables kept from one text to the next. One thread at a time.
class Compressor {
 public:
  Compressor();
  ~Compressor();
  std::string compress(std::string_view bytes);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

}  // namespace slipway::store
