//! Object stores: those of the configuration, and web servers as they are named.

use std::sync::Arc;

use datafusion::execution::runtime_env::RuntimeEnv;
use godwit_config::Config;
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::gcp::GoogleCloudStorageBuilder;
use object_store::http::HttpBuilder;
use object_store::{ClientOptions, ObjectStore};
use url::Url;

use super::Location;
use crate::CatalogError;

/// The object stores that locations can name.
#[derive(Debug)]
pub(crate) struct Stores {
    runtime: Arc<RuntimeEnv>,
}

impl Stores {
    /// Registers the configured stores.
    pub(crate) fn try_new(config: &Config, runtime: Arc<RuntimeEnv>) -> Result<Self, CatalogError> {
        for (name, settings) in &config.object_store {
            let url = Url::parse(&settings.url).map_err(|error| CatalogError::InvalidLocation {
                location: settings.url.clone(),
                reason: format!("object store \"{name}\": {error}"),
            })?;
            let store = build(name, &url, settings)?;
            runtime.register_object_store(&url, store);
        }
        Ok(Self { runtime })
    }

    /// Returns the store that holds the location.
    pub(crate) fn store(&self, location: &Location) -> Result<Arc<dyn ObjectStore>, CatalogError> {
        self.store_of(&location.url, &location.text)
    }

    /// Returns the store that holds the URL.
    pub(crate) fn store_of(
        &self,
        url: &Url,
        text: &str,
    ) -> Result<Arc<dyn ObjectStore>, CatalogError> {
        let store_url = super::store_url(url)?;
        if let Ok(store) = self.runtime.object_store(&store_url) {
            return Ok(store);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Err(CatalogError::UnknownStore { location: text.to_owned() });
        }
        let store: Arc<dyn ObjectStore> = Arc::new(
            HttpBuilder::new()
                .with_url(store_url.as_str())
                .with_client_options(ClientOptions::new().with_allow_http(true))
                .build()
                .map_err(|error| CatalogError::storage(text, error))?,
        );
        self.runtime.register_object_store(store_url.as_ref(), Arc::clone(&store));
        Ok(store)
    }
}

fn build(
    name: &str,
    url: &Url,
    settings: &godwit_config::ObjectStore,
) -> Result<Arc<dyn ObjectStore>, CatalogError> {
    let failed = |error| CatalogError::storage(settings.url.as_str(), error);
    let client = ClientOptions::new().with_allow_http(settings.allow_http);
    let options = settings.options.iter().map(|(key, value)| (key.as_str(), value.expose()));
    match url.scheme() {
        "s3" | "s3a" => {
            let mut builder = AmazonS3Builder::new()
                .with_url(url.as_str())
                .with_client_options(client)
                .with_skip_signature(settings.anonymous);
            if let Some(endpoint) = &settings.endpoint {
                builder = builder.with_endpoint(endpoint);
            }
            if let Some(region) = &settings.region {
                builder = builder.with_region(region);
            }
            for (key, value) in options {
                builder = builder.with_config(option(name, key)?, value);
            }
            Ok(Arc::new(builder.build().map_err(failed)?))
        }
        "gs" => {
            let mut builder = GoogleCloudStorageBuilder::new()
                .with_url(url.as_str())
                .with_client_options(client)
                .with_skip_signature(settings.anonymous);
            if let Some(endpoint) = &settings.endpoint {
                builder = builder.with_base_url(endpoint);
            }
            for (key, value) in options {
                builder = builder.with_config(option(name, key)?, value);
            }
            Ok(Arc::new(builder.build().map_err(failed)?))
        }
        "az" | "azure" | "adl" | "abfs" | "abfss" => {
            let mut builder = MicrosoftAzureBuilder::new()
                .with_url(url.as_str())
                .with_client_options(client)
                .with_skip_signature(settings.anonymous);
            if let Some(endpoint) = &settings.endpoint {
                builder = builder.with_endpoint(endpoint.clone());
            }
            for (key, value) in options {
                builder = builder.with_config(option(name, key)?, value);
            }
            Ok(Arc::new(builder.build().map_err(failed)?))
        }
        "http" | "https" => {
            let client = client.with_allow_http(settings.allow_http || url.scheme() == "http");
            let root = super::store_url(url)?;
            let mut builder =
                HttpBuilder::new().with_url(root.as_str()).with_client_options(client);
            for (key, value) in options {
                builder = builder.with_config(option(name, key)?, value);
            }
            Ok(Arc::new(builder.build().map_err(failed)?))
        }
        scheme => Err(CatalogError::InvalidLocation {
            location: settings.url.clone(),
            reason: format!("object store \"{name}\" has the unknown scheme \"{scheme}\""),
        }),
    }
}

fn option<K: std::str::FromStr>(store: &str, key: &str) -> Result<K, CatalogError> {
    key.to_ascii_lowercase().parse().map_err(|_malformed| {
        CatalogError::invalid(format!("object store \"{store}\" has the unknown option \"{key}\""))
    })
}
