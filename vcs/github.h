#pragma once

#include "vcs/host.h"

#include <memory>
#include <string>

namespace slipway::vcs {

/// GitHub.com, a tenant of ghe.com, or an Enterprise Server, by the config's `url`.
std::unique_ptr<Host> make_github(const HostConfig& config, HttpClient& http);

/// Where REST is: `https://api.github.com`, `https://api.TENANT.ghe.com`, `https://SERVER/api/v3`.
std::string github_rest_root(const std::string& web_root);

}  // namespace slipway::vcs
