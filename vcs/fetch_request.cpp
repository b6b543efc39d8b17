#include "vcs/fetch_request.h"

#include "core/json_reader.h"

#include <algorithm>
#include <utility>

namespace slipway::vcs {
namespace {

constexpr std::pair<FetchTrouble, std::string_view> kTroubles[] = {
    {FetchTrouble::None, "none"},          {FetchTrouble::Credentials, "credentials"},
    {FetchTrouble::NotFound, "not found"}, {FetchTrouble::Certificate, "certificate"},
    {FetchTrouble::TooLarge, "too large"}, {FetchTrouble::Other, "other"}};

std::string_view word(FetchTrouble trouble) {
  return std::find_if(std::begin(kTroubles), std::end(kTroubles),
                      [&](auto& one) { return one.first == trouble; })
      ->second;
}

FetchTrouble trouble_from(const JsonReader& text) {
  const auto found = std::find_if(std::begin(kTroubles), std::end(kTroubles),
                                  [&](auto& one) { return one.second == text.string(); });
  if (found == std::end(kTroubles)) text.mismatch("a kind of trouble");
  return found->first;
}

std::uint64_t count_from(const JsonReader& number) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(number.integer(), 0));
}

}  // namespace

Json FetchRequest::to_json() const {
  Json list = Json::array();
  for (const auto& ref : refs) list.push_back(ref);
  return Json::object({{"mirror", mirror},
                       {"lock", lock},
                       {"url", url},
                       {"username", username},
                       {"password", password.reveal()},
                       {"ca_file", ca_file},
                       {"refs", std::move(list)},
                       {"commit", commit},
                       {"pack_bytes", pack_bytes}});
}

Result<FetchRequest> FetchRequest::from_json(std::string_view text) {
  return read_json(text, [](const JsonReader& json) {
    FetchRequest out;
    out.mirror = json["mirror"].string();
    out.lock = json["lock"].string();
    out.url = json["url"].string();
    out.username = json["username"].string();
    out.password = Secret(json["password"].string());
    out.ca_file = json["ca_file"].string();
    for (const auto& ref : json["refs"].items()) out.refs.push_back(ref.string());
    out.commit = json["commit"].string();
    out.pack_bytes = count_from(json["pack_bytes"]);
    return out;
  });
}

Json FetchAnswer::to_json() const {
  return Json::object({{"trouble", word(trouble)}, {"words", words}, {"objects", objects}, {"bytes", bytes}});
}

Result<FetchAnswer> FetchAnswer::from_json(std::string_view text) {
  return read_json(text, [](const JsonReader& json) {
    return FetchAnswer{trouble_from(json["trouble"]), json["words"].string(), count_from(json["objects"]),
                       count_from(json["bytes"])};
  });
}

}  // namespace slipway::vcs
