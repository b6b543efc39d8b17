#pragma once

#include "core/ids.h"
#include "core/json.h"
#include "core/secret.h"

#include <cstdint>
#include <string>
#include <vector>

namespace slipway::vcs {

/// What `slipway internal fetch` is asked: the one place where a token goes is this, on its stdin.
struct FetchRequest {
  std::string mirror;  // path of the bare repository; made when it isn't there
  std::string lock;    // path of the file whose flock makes this the one writer
  std::string url;
  std::string username;
  Secret password;
  std::string ca_file;
  std::vector<std::string>
      refs;    // refs/heads/main: brought up to date under the same name, dropped when gone there
  Sha commit;  // one commit by its id; empty: none
  std::uint64_t pack_bytes = 0;

  Json to_json() const;
  static Result<FetchRequest> from_json(std::string_view text);
};

/// Why a fetch failed, as far as it changes what follows.
enum class FetchTrouble { None, Credentials, NotFound, Certificate, TooLarge, Other };

struct FetchAnswer {
  FetchTrouble trouble = FetchTrouble::None;
  std::string words;  // libgit2's, of the trouble
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;

  Json to_json() const;
  static Result<FetchAnswer> from_json(std::string_view text);
};

}  // namespace slipway::vcs
