//! What a statement carries in its configuration, where functions find it.

/// Lets values of a type be carried in the configuration of a statement, under a name of their own.
/// They are no settings: nobody can set or list them.
#[macro_export]
macro_rules! carried {
    ($carried:ty, $name:literal) => {
        impl ::datafusion::common::config::ConfigExtension for $carried {
            const PREFIX: &'static str = $name;
        }

        impl ::datafusion::common::config::ExtensionOptions for $carried {
            fn as_any(&self) -> &dyn ::std::any::Any {
                self
            }

            fn as_any_mut(&mut self) -> &mut dyn ::std::any::Any {
                self
            }

            fn cloned(&self) -> Box<dyn ::datafusion::common::config::ExtensionOptions> {
                Box::new(self.clone())
            }

            fn set(&mut self, key: &str, _value: &str) -> ::datafusion::common::Result<()> {
                let message = format!("the setting \"{key}\" cannot be set");
                Err(::datafusion::common::DataFusionError::Configuration(message))
            }

            fn entries(&self) -> Vec<::datafusion::common::config::ConfigEntry> {
                Vec::new()
            }
        }
    };
}
