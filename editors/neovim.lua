-- Neovim from 0.7: serves contexts and StreamingPipelines in YAML and JSON files, and leaves all others alone.
-- Copy it into ~/.config/nvim/plugin/streams-k8s.lua, or run Neovim with `-u editors/neovim.lua`.

-- Which files belong together, for templates that are files of their own; see docs/editors.md.
local settings = vim.g.streams_k8s_settings or vim.empty_dict()

local client -- of a Neovim that cannot find a client that runs already

vim.api.nvim_create_autocmd("FileType", {
  pattern = { "yaml", "json" },
  callback = function(event)
    local config = {
      name = "streams-k8s",
      cmd = { "streams-k8s", "lsp" },
      root_dir = vim.fn.getcwd(),
      init_options = settings,
      on_attach = function(_, buffer)
        vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
        local function map(keys, action) vim.keymap.set("n", keys, action, { buffer = buffer }) end
        map("K", vim.lsp.buf.hover)
        map("gd", vim.lsp.buf.definition)
        map("<leader>a", vim.lsp.buf.code_action)
      end,
    }
    if vim.lsp.start then
      vim.lsp.start(config)
    else
      client = client or vim.lsp.start_client(config)
      vim.lsp.buf_attach_client(event.buf, client)
    end
  end,
})
