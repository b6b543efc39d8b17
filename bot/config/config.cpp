#include "bot/config/config.h"

#include "bot/config/values.h"
#include "bot/config/yaml.h"
#include "core/rsa_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>

namespace slipway::config {
namespace {

constexpr std::size_t kMaxWorkers = 256;

void read_listen(Config& config, const Settings& value) {
  std::string_view text = value.scalar();
  const auto colon = text.rfind(':');
  const std::string_view port = colon == std::string_view::npos ? text : text.substr(colon + 1);
  std::uint16_t number = 0;
  const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size())
    value.refuse(fmt::format("\"{}\" is no address; write it like 127.0.0.1:4141", text));
  config.port = number;
  if (colon != std::string_view::npos) {
    std::string_view host = text.substr(0, colon);
    if (host.size() > 1 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    config.address = host.empty() ? "0.0.0.0" : std::string(host);
  }
}

bool loopback(const std::string& address) {
  return address.starts_with("127.") || address == "::1" || address == "localhost";
}

void read_access(Config& config, const Settings* value, const Settings& whole, bool secrets) {
  if (value == nullptr) {
    if (!loopback(config.address))
      whole.refuse(
          fmt::format("`access` is missing: listening on {} shows pages to others. Write `access: open`, or "
                      "`access: {{tokens: [{{name: prometheus, token: {{file: PATH}}, may: [sd]}}]}}`",
                      config.address));
    return;
  }
  if (value->is_scalar()) {
    if (value->scalar() != "open") value->refuse("`access` is `open`, or `tokens: […]`");
    return;
  }
  value->only({"tokens"});
  config.access.open = false;
  for (const Settings& entry : value->at("tokens").list()) {
    entry.only({"name", "token", "may"});
    config.access.tokens.push_back(
        {entry.string("name"), secret(entry.at("token"), secrets), entry.strings_or_none("may")});
  }
}

vcs::HostConfig::App read_app(const Settings& entry, bool secrets) {
  entry.only({"id", "private_key"});
  vcs::HostConfig::App app{entry.string("id"), secret(entry.at("private_key"), secrets)};
  if (app.id.empty() || !std::all_of(app.id.begin(), app.id.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
      }))
    entry.at("id").refuse("an app's `id` is its number or client ID, as the app's settings page shows it");
  if (!secrets) return app;
  if (const auto key = RsaKey::from_pem(app.private_key); !key)
    entry.at("private_key")
        .refuse(fmt::format("{}; write the .pem file that GitHub gave when the key was made",
                            key.error().text()));
  return app;
}

ForgeConfig read_forge(const Settings& entry, bool secrets) {
  ForgeConfig forge;
  forge.kind = entry.string("kind");
  const auto& kinds = vcs::host_kinds();
  std::vector<std::string_view> names;
  for (const auto& kind : kinds) names.push_back(kind.kind);
  if (std::find(names.begin(), names.end(), forge.kind) == names.end())
    entry.at("kind").refuse(fmt::format("\"{}\" is not one of: {}", forge.kind, fmt::join(names, ", ")));
  forge.host.name = entry.string_or("name", forge.kind);
  forge.host.url = entry.string_or("url", "");
  forge.host.api_url = entry.string_or("api_url", "");
  forge.host.ca_file = entry.string_or("ca_file", "");
  entry.only({"kind", "name", "url", "api_url", "token", "app", "webhook_secret", "ca_file"});
  if (const Settings* app = entry.find("app")) {
    const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const vcs::HostKind& kind) {
      return kind.kind == forge.kind && kind.has_apps;
    });
    if (!known) app->refuse(fmt::format("{} has no apps that Slipway knows; write `token:`", forge.kind));
    if (entry.find("token") != nullptr)
      app->refuse("`app` stands in the place of `token`: keep one of the two");
    forge.host.app = read_app(*app, secrets);
  } else {
    forge.host.token = secret(entry.at("token"), secrets);
  }
  const Settings& webhook = entry.at("webhook_secret");
  if (webhook.is_list()) {
    for (const Settings& one : webhook.list()) forge.host.webhook_secrets.push_back(secret(one, secrets));
  } else {
    forge.host.webhook_secrets.push_back(secret(webhook, secrets));
  }
  forge.host.settings = entry;
  return forge;
}

HookConfig read_hook(const Settings& entry) {
  const std::string kind = entry.string("kind");
  std::vector<std::string_view> names;
  for (const auto& known : hooks::hook_kinds()) {
    if (known.kind == kind) {
      known.check(entry);
      return {kind, entry.string_or("name", kind), entry};
    }
    names.push_back(known.kind);
  }
  entry.at("kind").refuse(fmt::format("\"{}\" is not one of: {}", kind, fmt::join(names, ", ")));
}

template <class Items, class Name>
void unique(const Settings& whole, std::string_view what, const Items& items, Name&& name) {
  std::set<std::string> seen;
  for (const auto& item : items)
    if (!seen.insert(name(item)).second)
      whole.refuse(fmt::format("two {} are called \"{}\"; give one another `name`", what, name(item)));
}

}  // namespace

Config read_config(const Settings& settings, const std::string& file, bool secrets) {
  settings.only({"listen", "tls", "public_url", "data_dir", "store", "workers", "shutdown_grace", "reconcile",
                 "command_prefixes", "access", "encryption_key", "forges", "repos", "policies", "machines",
                 "hooks"});
  Config config;
  config.file = file;
  if (const Settings* value = settings.find("listen")) read_listen(config, *value);
  if (const Settings* value = settings.find("tls")) {
    value->only({"cert", "key"});
    config.tls_certificate = value->string("cert");
    config.tls_key = value->string("key");
  }
  config.public_url = settings.string_or(
      "public_url", fmt::format("{}://{}:{}", config.tls_certificate.empty() ? "http" : "https",
                                config.address, config.port));
  while (config.public_url.ends_with('/')) config.public_url.pop_back();
  config.data_dir = settings.string_or("data_dir", config.data_dir);
  if (!config.data_dir.starts_with('/')) settings.at("data_dir").refuse("`data_dir` is an absolute path");
  if (const Settings* value = settings.find("store"); value != nullptr && value->scalar() != "sqlite")
    value->refuse("this build knows `store: sqlite`");
  const std::int64_t workers = settings.integer_or("workers", static_cast<std::int64_t>(config.workers));
  if (workers < 1 || workers > static_cast<std::int64_t>(kMaxWorkers))
    settings.at("workers").refuse(fmt::format("`workers` is 1 to {}", kMaxWorkers));
  config.workers = static_cast<std::size_t>(workers);
  if (const Settings* value = settings.find("shutdown_grace")) config.shutdown_grace = value->duration();
  if (const Settings* value = settings.find("reconcile")) {
    config.reconcile = value->duration();
    if (config.reconcile < std::chrono::seconds(1)) value->refuse("`reconcile` is at least 1s");
  }
  if (settings.find("command_prefixes") != nullptr)
    config.command_prefixes = settings.strings_or_none("command_prefixes");
  if (config.command_prefixes.empty())
    settings.at("command_prefixes").refuse("at least one prefix is needed");
  read_access(config, settings.find("access"), settings, secrets);
  if (const Settings* value = settings.find("encryption_key")) {
    value->only({"file"});
    config.key_file = value->string("file");
  } else {
    config.key_file = config.data_dir + "/encryption.key";
  }
  for (const Settings& entry : settings.at("forges").list())
    config.forges.push_back(read_forge(entry, secrets));
  unique(settings, "forges", config.forges, [](const ForgeConfig& forge) { return forge.host.name; });
  for (const Settings& entry : settings.at("repos").list()) {
    entry.string("match");
    RepoConfig trial;
    overlay(trial, entry, secrets);
    config.repos.push_back(entry);
  }
  if (const Settings* value = settings.find("policies"))
    for (const Settings& entry : value->list()) config.policies.push_back(policies::read_policy(entry));
  unique(settings, "policies", config.policies, [](const policies::Policy& policy) { return policy.name; });
  if (const Settings* value = settings.find("machines"))
    for (const Settings& entry : value->list()) config.machines.push_back(state::read_machine_rule(entry));
  if (const Settings* value = settings.find("hooks"))
    for (const Settings& entry : value->list()) config.hooks.push_back(read_hook(entry));
  unique(settings, "hooks", config.hooks, [](const HookConfig& hook) { return hook.name; });
  return config;
}

Config load_config(const std::string& file, bool secrets) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw SettingsError(fmt::format("{}: cannot be read: {}", file, std::strerror(errno)));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  return read_config(read_yaml(text, file), file, secrets);
}

}  // namespace slipway::config
