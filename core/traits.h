#pragma once

#include <cstddef>
#include <string>

namespace slipway {

/// How a forge differs from others, as data: nothing outside vcs/ asks which forge it is.
struct Traits {
  std::size_t max_comment_code_points = 60'000;
  std::size_t max_comment_bytes = 190'000;
  std::size_t max_status_description = 140;  // characters
  bool alerts = true;                        // "> [!CAUTION]" is drawn
  bool diff_colours = true;                  // a ```diff fence is coloured by the sign in column 0
  bool details = true;                       // <details> folds
  bool reactions = true;
  std::string pull_word = "pull request";
};

}  // namespace slipway
