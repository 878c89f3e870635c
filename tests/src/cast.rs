//! Who takes part: a partner and its shop, a shop that retries for itself, a stranger, the operator. They are made once,
//! by the command line, and every server starts on a copy.

use std::{fs, path::Path, sync::OnceLock};

use serde_json::Value;
use tempfile::TempDir;

use crate::Shell;

/// An API client.
#[derive(Debug, Clone)]
pub struct Keys {
    /// `AppKey`.
    pub app_key: String,
    /// `AppSecret`.
    pub app_secret: String,
    /// Id of the client.
    pub client: String,
}

/// A merchant.
#[derive(Debug, Clone)]
pub struct Shop {
    /// Its id.
    pub mid: String,
    /// Its default site.
    pub site: String,
    /// Its client for the sandbox.
    pub sandbox: Keys,
    /// Its client for production.
    pub production: Keys,
    /// Its tokenization key for the sandbox.
    pub tokenization: String,
}

/// Everybody.
#[derive(Debug)]
pub struct Cast {
    folder: TempDir,
    /// A managed merchant of the partner.
    pub shop: Shop,
    /// Its second site, under `https://shop.example/eu`.
    pub eu_site: String,
    /// A merchant that retries for itself: `mitMode=sync`.
    pub sync: Shop,
    /// A merchant that has nothing to do with the others.
    pub stranger: Shop,
    /// The partner's client for the sandbox.
    pub partner: Keys,
    /// The operator's client for the sandbox.
    pub operator: Keys,
}

/// The cast of this process.
pub fn cast() -> &'static Cast {
    static CAST: OnceLock<Cast> = OnceLock::new();
    CAST.get_or_init(Cast::make)
}

impl Cast {
    /// Puts a copy of everybody's data into a folder.
    pub fn copy_into(&self, folder: &Path) {
        let target = folder.join("data");
        fs::create_dir_all(&target).expect("the data folder is made");
        for file in fs::read_dir(self.folder.path().join("data")).expect("the cast's data are there") {
            let file = file.expect("a file of the cast");
            fs::copy(file.path(), target.join(file.file_name())).expect("a file is copied");
        }
    }

    fn make() -> Self {
        let folder = TempDir::with_prefix("recoup-cast-").expect("a temporary folder");
        let shell = Shell::in_folder(folder.path(), &[]);
        shell.run(&["init"]);
        let platform = text(&shell.run(&["partner", "create", "--name", "Platform"]), "id");
        let shop = shop(&shell, "Shop", &["--partner", &platform]);
        let eu = ["--name", "Shop EU", "--url", "https://shop.example/eu", "--descriptor", "SHOP*EU"];
        let eu_site = text(&shell.run(&[&["site", "create", "--mid", &shop.mid], &eu[..]].concat()), "id");
        Self {
            sync: self::shop(&shell, "Sync", &["--set", "mitMode=sync"]),
            stranger: self::shop(&shell, "Stranger", &[]),
            partner: keys(&shell, &["--partner", &platform]),
            operator: keys(&shell, &["--operator"]),
            shop,
            eu_site,
            folder,
        }
    }
}

fn shop(shell: &Shell, name: &str, further: &[&str]) -> Shop {
    // Every order takes the policy arm, so that tests know what is planned.
    let fixed = ["merchant", "create", "--name", name, "--set", "holdoutPercent=0", "--set", "explorePercent=0"];
    let mid = text(&shell.run(&[&fixed[..], further].concat()), "mid");
    let url = format!("https://{}.example", name.to_lowercase());
    let descriptor = format!("{}*ONE", name.to_uppercase());
    let site = ["site", "create", "--mid", &mid, "--name", name, "--url", &url, "--descriptor", &descriptor, "--default"];
    let site = text(&shell.run(&site), "id");
    let browser = ["key", "create", "--mid", &mid, "--name", "browser", "--kind", "tokenization"];
    Shop {
        tokenization: text(&shell.run(&browser), "value"),
        sandbox: keys(shell, &["--mid", &mid]),
        production: keys(shell, &["--mid", &mid, "--environment", "production"]),
        site,
        mid,
    }
}

fn keys(shell: &Shell, whose: &[&str]) -> Keys {
    let made = shell.run(&[&["key", "create", "--name", "server"], whose].concat());
    Keys { app_key: text(&made, "appKey"), app_secret: text(&made, "appSecret"), client: text(&made, "client") }
}

fn text(of: &Value, member: &str) -> String {
    of[member].as_str().unwrap_or_else(|| panic!("no {member} in {of}")).to_owned()
}
