#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace CLI {
class App;
}

namespace slipway::cli {

/// The command line (contract.md). stdout is the answer, stderr the log. 0 done, 1 failed, 2 usage or config
/// error.
int run(int argc, char** argv);

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kUsage = 2;

/// A subcommand: adds itself to the program's; the chosen one leaves its exit code in `code`.
using AddCommand = void (*)(CLI::App& app, int& code);
void add_server(CLI::App& app, int& code);
void add_worker(CLI::App& app, int& code);
void add_validate(CLI::App& app, int& code);
void add_plan(CLI::App& app, int& code);
void add_inventory(CLI::App& app, int& code);
void add_doctor(CLI::App& app, int& code);
void add_policy(CLI::App& app, int& code);
void add_replay(CLI::App& app, int& code);
void add_freeze(CLI::App& app, int& code);
void add_thaw(CLI::App& app, int& code);
void add_errored_state(CLI::App& app, int& code);
void add_version(CLI::App& app, int& code);

/// `slipway internal NAME`: the children that this program starts of itself.
int internal(std::string_view name);

/// Lines for people on stderr.
void log_to_stderr(bool verbose);

}  // namespace slipway::cli
