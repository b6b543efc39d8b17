#pragma once

#include "core/json.h"

#include <span>
#include <string_view>

namespace slipway::vcs {

/// Names of members, at any depth, that are worth keeping.
using Fields = std::span<const std::string_view>;

/// Parses a forge's document and keeps only those members. A pull request has 20 KB at GitHub, of which we
/// read half a kilobyte: a page of a hundred must not cost two megabytes of values, nor an answer remembered
/// by its ETag 20 KB.
Result<Json> parse_json_fields(std::string_view text, Fields fields);

}  // namespace slipway::vcs
