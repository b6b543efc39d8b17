#include "vcs/github_refusal.h"

#include "core/json_reader.h"
#include "vcs/json_fields.h"
#include "vcs/rate_limit.h"
#include "vcs/text.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace slipway::vcs {
namespace {

constexpr std::string_view kRefusalFields[] = {"message", "errors", "resource", "field", "code"};

/// GitHub names what is wrong in one of three ways: a sentence, an object with a sentence, or resource, field
/// and code.
std::string detail(const JsonReader& error) {
  if (error.value().is_string()) return error.string();
  if (!error["message"].empty()) return error["message"].string();
  std::string code = error["code"].string_or("invalid");
  std::replace(code.begin(), code.end(), '_', ' ');
  return fmt::format("{} {}: {}", error["resource"].string_or(""), error["field"].string_or(""), code);
}

std::string words_of(const HttpResponse& response) {
  const auto json = parse_json_fields(response.body, kRefusalFields);
  if (!json) return {};  // a proxy's page: its status is all it has to say
  try {
    const JsonReader body(*json);
    std::string words = body["message"].string_or("");
    std::vector<std::string> details;
    if (!body["errors"].empty() && body["errors"].value().is_array())
      for (const auto& error : body["errors"].items()) details.push_back(detail(error));
    if (!details.empty()) words += fmt::format(": {}", fmt::join(details, "; "));
    return words;
  } catch (const JsonMismatch&) {
    return {};
  }
}

std::string_view name_of_status(int status) {
  switch (status) {
    case 500:
      return "Internal Server Error";
    case 502:
      return "Bad Gateway";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return {};
  }
}

/// What the person who runs the server has to do.
std::string next_step(const HttpResponse& response, const Refused& refused) {
  const std::string& forge = refused.forge;
  if (response.status == 401)
    return fmt::format(
        ". Look at `{}:` of the forge \"{}\" in slipway.yaml: it is expired, revoked, or of another "
        "server",
        refused.key, forge);
  if (response.status != 403 && response.status != 404) return {};
  const std::string_view needed = response.header("x-accepted-github-permissions");
  if (response.status == 403 && !needed.empty())
    return fmt::format(". The token of the forge \"{}\" needs the permission {}", forge,
                       one_line(needed, 200));
  return fmt::format(
      "{}. The token of the forge \"{}\" must have access to the repository: contents (read), pull requests, "
      "issues and "
      "commit statuses (write); a classic token needs the scopes `repo` and, for teams, `read:org`",
      response.status == 404 ? ", which GitHub also says of what a token may not see" : "", forge);
}

}  // namespace

std::string told(const HttpResponse& response) {
  std::string words = one_line(words_of(response), kMaxForgeMessage);
  if (words.empty()) words = name_of_status(response.status);
  return words.empty() ? fmt::format("{}", response.status) : fmt::format("{} {}", response.status, words);
}

Failure refusal(const HttpResponse& response, const Refused& refused, Time now) {
  const std::string text = fmt::format("{} answered {}", refused.forge, told(response));
  if (const auto limited = limited_for(response, now)) return Failure(text, Retry::Later, limited);
  if (response.status >= 500 || response.status == 408)
    return Failure(text, Retry::Later, retry_after(response, now));
  const std::string advised = text + next_step(response, refused);
  if (response.status == 401) return Failure(advised, Retry::Later, kRefusedTokenWait);
  return Failure(advised, Retry::Never);
}

}  // namespace slipway::vcs
